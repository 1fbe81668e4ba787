"""One command at a time changes a workspace. The kernel drops the lock when its holder dies, however it dies."""

from __future__ import annotations

import fcntl
import hashlib
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from dfdev.errors import ConfigError, DfdevError
from dfdev.system.folders import state_folder

_POLL = 0.1


def lock_path(home: Path, environ: Mapping[str, str]) -> Path:
    """One file per real DFHOME, in the user's state folder (a workspace may be on a read-only or shared disk)."""
    digest = hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
    return state_folder(environ) / "locks" / f"{digest}.lock"


@contextmanager
def locked(path: Path, what: str, on_wait: Callable[[str], None], patience: float = 600.0) -> Iterator[None]:
    """Hold the lock; wait for another holder up to `patience` seconds, calling `on_wait` once with who it is."""
    with _opened(path) as file:
        if not _take(file.fileno()):
            on_wait(_holder(path))
            _wait(file.fileno(), path, patience)
        file.truncate(0)
        file.write(f"`{what}` (pid {os.getpid()})")
        file.flush()
        yield


def _opened(path: Path) -> TextIO:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("a+", encoding="utf-8", errors="replace")
    except OSError as error:
        raise ConfigError(
            f"cannot make the lock file {path}: {error.strerror}", "set XDG_STATE_HOME to a folder of your own"
        ) from error


def _take(fd: int) -> bool:
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _wait(fd: int, path: Path, patience: float) -> None:
    deadline = time.monotonic() + patience
    while not _take(fd):
        if time.monotonic() > deadline:
            raise DfdevError(f"{_holder(path)} still works on this workspace", "wait for it, or stop it, and try again")
        time.sleep(_POLL)


def _holder(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace").strip() or "another dfdev"
