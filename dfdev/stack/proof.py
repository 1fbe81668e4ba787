"""Proving mounts: a fresh nonce goes in on one side and is read on the other, through the container's own mount.

`code`: written on the host, read through the container. `logs`: written through the container, read on the host.
The archive API does it, also in an image without a shell; what it cannot see is looked for in `stale`.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from dfdev.core.desired import Mount
from dfdev.engine.protocol import Engine, Reader
from dfdev.errors import DfdevError, EngineError
from dfdev.stack.stale import replaced
from dfdev.system.parallel import spread

PREFIX = ".dfdev-proof-"
_WORKERS = 4
_STALE = 300.0
"""Seconds after which a probe left by a killed command is cleaned up."""


@dataclass(frozen=True)
class Target:
    """A mount of a running container that is to be proven."""

    service: str
    container: str
    mount: Mount
    made_on: str = ""
    """Identity of the folder that the container was made on, "" when it has just been started."""


@dataclass(frozen=True)
class Proof:
    target: Target
    missing: str = ""
    """Why it is not proven, "" when it is."""

    @property
    def proven(self) -> bool:
        return not self.missing


def prove(engine: Engine, targets: Iterable[Target]) -> list[Proof]:
    """All at once. Probes are removed again, also those that a killed command left behind."""
    todo = [t for t in targets if t.mount.role in ("code", "logs")]
    nonces = _Nonces({t.mount.source for t in todo if t.mount.role == "code"})
    try:
        return spread(lambda target: Proof(target, _check(engine, target, nonces)), todo, workers=_WORKERS)
    finally:
        nonces.remove()
        for folder in {t.mount.source for t in todo}:
            sweep(Path(folder))


def must_hold(proofs: Sequence[Proof], home: str, *, started_before: bool = False) -> None:
    """DfdevError naming every mount that is not what it should be.

    `started_before`: the containers ran already; the folder may have been replaced under them.
    """
    wrong = [p for p in proofs if not p.proven]
    if not wrong:
        return
    lines = tuple(
        f"{p.target.service}: {p.target.mount.target} is not {p.target.mount.source}: {p.missing}" for p in wrong
    )
    share = (
        f"the Docker VM must share {home}: add it to the shared folders of your Docker product, then `dfdev restart`"
    )
    services = " ".join(dict.fromkeys(p.target.service for p in wrong))
    again = f"`dfdev restart {services}` mounts it afresh; if that does not help, {share}"
    raise DfdevError(lines[0], again if started_before else share, details=lines[1:])


class _Nonces:
    """One nonce file per code folder, shared by all containers that mount it."""

    def __init__(self, folders: Iterable[str]) -> None:
        self._files: dict[str, tuple[Path, bytes]] = {}
        self._errors: dict[str, str] = {}
        for folder in folders:
            self._write(folder)

    def _write(self, folder: str) -> None:
        text = os.urandom(16).hex()
        path = Path(folder) / f"{PREFIX}{text[:12]}"
        try:
            path.write_text(text)
        except OSError as error:
            self._errors[folder] = f"cannot write a probe into it: {error.strerror}"
            return
        self._files[folder] = (path, text.encode())

    def of(self, folder: str) -> tuple[Path, bytes]:
        """DfdevError when the folder cannot be written to."""
        if folder in self._errors:
            raise DfdevError(self._errors[folder])
        return self._files[folder]

    def remove(self) -> None:
        for path, _ in self._files.values():
            path.unlink(missing_ok=True)


def _check(engine: Engine, target: Target, nonces: _Nonces) -> str:
    try:
        if target.mount.role == "code":
            missing = _check_code(engine, target, *nonces.of(target.mount.source))
        else:
            missing = _check_logs(engine, target)
        return missing or replaced(engine, target.container, target.mount, target.made_on, PREFIX)
    except DfdevError as error:
        return error.message


def _check_code(engine: Reader, target: Target, file: Path, text: bytes) -> str:
    inside = f"{target.mount.target.rstrip('/')}/{file.name}"
    try:
        found = engine.read_file(target.container, inside)
    except EngineError as error:
        return f"a file written on the host is not there ({error.message})"
    return "" if found == text else "the container sees other content than the host wrote"


def _check_logs(engine: Engine, target: Target) -> str:
    text = os.urandom(16).hex()
    name = f"{PREFIX}{text[:12]}"
    outside = Path(target.mount.source) / name
    inside = f"{target.mount.target.rstrip('/')}/{name}"
    engine.write_file(target.container, inside, text.encode(), mode=0o644, uid=os.getuid(), gid=os.getgid())
    try:
        return "" if outside.read_text() == text else "the host sees other content than the container wrote"
    except OSError:
        _take_back(engine, target.container, inside)
        return "a file written in the container does not arrive on the host"
    finally:
        outside.unlink(missing_ok=True)


def _take_back(engine: Engine, container: str, path: str) -> None:
    """The probe landed in some other folder: remove it there, as far as the image has an `rm`."""
    with contextlib.suppress(EngineError):
        engine.exec(container, ["rm", "-f", path], timeout=5)


def sweep(folder: Path) -> None:
    """Remove probes that a killed command left behind."""
    for path in folder.glob(f"{PREFIX}*"):
        try:
            if time.time() - path.stat().st_mtime > _STALE:
                path.unlink(missing_ok=True)
        except OSError:
            continue
