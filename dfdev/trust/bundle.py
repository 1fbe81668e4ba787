"""One bundle of all that this host trusts in, for containers and builds.

It is kept in the state folder with the times of the files that it was made of: a warm command reads one file.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path

from dfdev.core.frozen import dataclass
from dfdev.system.commands import Commands
from dfdev.system.folders import state_folder
from dfdev.trust import added
from dfdev.trust.host import VARIABLES, Source, read, sources
from dfdev.trust.pem import pem_of

_FORMAT = 1


@dataclass(frozen=True)
class Bundle:
    """`pem`: every certificate once, b"" where nothing was found. `digest`: its SHA-256. `added`: names of those that
    somebody added. `source`: where the others are from, in words. `whole`: the public CAs are among them, so that it
    can stand in for a container's own store. `needed`: somebody told this host of a CA of their own.
    """

    pem: bytes = field(repr=False)
    digest: str
    added: tuple[str, ...]
    source: str
    whole: bool
    needed: bool


def bundle(environ: Mapping[str, str], commands: Commands, platform: str = sys.platform) -> Bundle:
    """ConfigError: what was added cannot be read."""
    found = sources(environ, platform)
    extra = added.files(environ)
    key = _key([*(source.path for source in found), *map(str, extra)], found)
    has_home = environ.get("HOME") or environ.get("XDG_STATE_HOME", "").startswith("/")
    cache = state_folder(environ) / "ca-bundle" if has_home else None
    there = _cached(cache, key)
    if there is None:
        there = _made(environ, found, commands)
        _keep(cache, key, there)
    return there


def _made(environ: Mapping[str, str], found: tuple[Source, ...], commands: Commands) -> Bundle:
    kept = added.kept(environ)
    ders: dict[bytes, None] = {}
    whole = False
    for source in found:
        certificates = read(source, commands)
        whole = whole or (source.store and bool(certificates))
        ders.update(dict.fromkeys(certificates))
    for one in kept:
        ders.update(dict.fromkeys(one.ders))
    pem = pem_of(ders)
    names = tuple(one.name for one in kept)
    told = any(source.why in VARIABLES for source in found)
    where = ", ".join(map(str, found)) or "nothing was found"
    return Bundle(pem, hashlib.sha256(pem).hexdigest(), names, where, whole, bool(names) or told)


def _key(paths: list[str], found: tuple[Source, ...]) -> str:
    """Changes when a file does, or the list of them."""
    parts = [f"{_FORMAT} {found!r}"]
    for path in paths:
        with contextlib.suppress(OSError):
            stat = Path(path).stat()
            parts.append(f"{path} {stat.st_mtime_ns} {stat.st_size} {stat.st_ino}")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _cached(cache: Path | None, key: str) -> Bundle | None:
    if cache is None:
        return None
    try:
        head, _, pem = cache.read_bytes().partition(b"\n")
        known = json.loads(head)
        if known.pop("key") != key:
            return None
        return Bundle(pem, added=tuple(known.pop("added")), **known)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _keep(cache: Path | None, key: str, made: Bundle) -> None:
    """Where it cannot be written, the next command makes it again."""
    if cache is None:
        return
    head = {name: getattr(made, name) for name in ("digest", "added", "source", "whole", "needed")} | {"key": key}
    with contextlib.suppress(OSError):
        cache.parent.mkdir(parents=True, exist_ok=True)
        handle, unfinished = tempfile.mkstemp(dir=cache.parent, prefix=".ca-")
        with os.fdopen(handle, "wb") as stream:
            stream.write(json.dumps(head).encode() + b"\n" + made.pem)
        Path(unfinished).replace(cache)
