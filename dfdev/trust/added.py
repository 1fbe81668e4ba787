"""The certificates that somebody added: `~/.config/dfdev/ca/NAME.pem`, one file for each that was given."""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
import time
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path

from dfdev.core.frozen import dataclass
from dfdev.core.typed import typed
from dfdev.core.xdg import xdg_folder
from dfdev.errors import ConfigError, UsageError
from dfdev.trust.der import Facts, facts
from dfdev.trust.pem import ders_in, given, pem_of

_SUFFIX = ".pem"
_ASK = "give the certificate of your company's CA, as PEM or DER; whoever runs the network has it"


@dataclass(frozen=True)
class Kept:
    """One file of the folder. `ders`: its certificates."""

    name: str
    ders: tuple[bytes, ...]

    @property
    def facts(self) -> tuple[Facts, ...]:
        return tuple(facts(der) for der in self.ders)


@dataclass(frozen=True)
class Added:
    """`new`: False where it was there already. `warnings`: what may keep it from working, a line each."""

    kept: Kept
    new: bool
    warnings: tuple[str, ...] = ()


def folder(environ: Mapping[str, str]) -> Path:
    """`$XDG_CONFIG_HOME/dfdev/ca`, by default `~/.config/dfdev/ca`."""
    return Path(xdg_folder(environ, "XDG_CONFIG_HOME", ".config")) / "dfdev" / "ca"


def files(environ: Mapping[str, str]) -> tuple[Path, ...]:
    """By name; () where nothing was added."""
    try:
        return tuple(sorted(path for path in folder(environ).iterdir() if path.suffix == _SUFFIX))
    except OSError:
        return ()


def kept(environ: Mapping[str, str]) -> tuple[Kept, ...]:
    """ConfigError: a file there that is none of ours."""
    return tuple(_kept(path) for path in files(environ))


def added_pem(environ: Mapping[str, str]) -> bytes:
    """All that was added, b"" for nothing. ConfigError."""
    return pem_of(dict.fromkeys(der for one in kept(environ) for der in one.ders))


def add(environ: Mapping[str, str], path: Path, now: float | None = None) -> Added:
    """Keep the certificates of a file. The same ones again are success. UsageError: what it is instead."""
    ders, warnings = look(path, time.time() if now is None else now)
    there = kept(environ)
    for other in there:
        if set(ders) <= set(other.ders):
            return Added(other, False, warnings)
    made = Kept(_unlike(_slug(_root(ders).subject) or _slug(path.stem) or "ca", {k.name for k in there}), ders)
    _write(folder(environ), made)
    return Added(made, True, warnings)


def remove(environ: Mapping[str, str], name: str) -> None:
    """Already gone is success. UsageError: it cannot be removed."""
    path = folder(environ) / f"{name}{_SUFFIX}"
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise UsageError(f"cannot remove {path}: {error.strerror}", typed("ls -l", path.parent)) from error


def must_be_there(environ: Mapping[str, str], names: Iterable[str]) -> None:
    """UsageError: there is none of that name."""
    known = [path.stem for path in files(environ)]
    for name in names:
        if name not in known:
            shown = ", ".join(known) or "none was added"
            raise UsageError(f"no certificate was added by the name {name!r}", f"dfdev ca list ({shown})")


def look(path: Path, now: float) -> tuple[tuple[bytes, ...], tuple[str, ...]]:
    """The certificates of a given file that can be trusted in, and what to warn of. `now`: Unix time. UsageError.

    A server's own certificate (the first of a chain) is no anchor: it is left out, and refused when it is alone.
    One that signed itself is one, whatever it says of its purpose.
    """
    try:
        all_ = {der: facts(der) for der in given(_read(path))}
    except ValueError as error:
        raise UsageError(f"{path}: {error}", _ASK) from None
    usable = {der: fact for der, fact in all_.items() if fact.ca or fact.self_signed}
    if not usable:
        fact = next(iter(all_.values()))
        raise UsageError(
            f"{path}: {fact.subject!r} is no CA, its issuer is {fact.issuer!r}",
            f"dfdev ca add FILE, the one of {fact.issuer!r}",
        )
    left_out = [f"{fact.subject} is no CA: left out" for der, fact in all_.items() if der not in usable]
    return tuple(usable), (*left_out, *_doubts(tuple(usable.values()), now))


def _doubts(found: tuple[Facts, ...], now: float) -> Iterable[str]:
    subjects = {fact.subject for fact in found}
    for fact in found:
        if fact.not_after < now:
            yield f"{fact.subject} has expired on {day(fact.not_after)}"
        if fact.not_before > now:
            yield f"{fact.subject} is not valid before {day(fact.not_before)}"
        if fact.issuer not in subjects:
            yield f"{fact.subject} was signed by {fact.issuer}: where that one is not trusted in, add it too"


def day(at: float) -> str:
    """A Unix time's date in UTC."""
    return time.strftime("%Y-%m-%d", time.gmtime(at))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}", _ASK) from None


def _kept(path: Path) -> Kept:
    try:
        found = ders_in(path.read_bytes())
        if not found:
            raise ValueError("it is no certificate")
        [facts(der) for der in found]
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise ConfigError(f"{path}: {why}", typed("rm", path)) from None
    return Kept(path.stem, found)


def _root(ders: tuple[bytes, ...]) -> Facts:
    found = [facts(der) for der in ders]
    return next((fact for fact in found if fact.self_signed), found[0])


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:50].strip("-")


def _unlike(name: str, taken: set[str]) -> str:
    """Its name, with a number where another has it: a CA that was renewed keeps its own."""
    names = [name, *(f"{name}-{number}" for number in range(2, len(taken) + 3))]
    return next(free for free in names if free not in taken)


def _write(where: Path, made: Kept) -> None:
    """Complete or absent."""
    path = where / f"{made.name}{_SUFFIX}"
    try:
        where.mkdir(parents=True, exist_ok=True)
        handle, unfinished = tempfile.mkstemp(dir=where)
        with os.fdopen(handle, "wb") as stream:
            stream.write(pem_of(made.ders))
        Path(unfinished).chmod(0o644)
        Path(unfinished).replace(path)
    except OSError as error:
        with contextlib.suppress(OSError, UnboundLocalError):
            Path(unfinished).unlink()
        raise UsageError(f"cannot write {path}: {error.strerror}", typed("ls -ld", where)) from error
