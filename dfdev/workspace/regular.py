"""Reading a file that somebody else may have put there: a regular one, of a bounded size, and no link on the way."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

LIMIT = 16 << 20
"""Bytes of a file of configuration: 16 MiB."""
_READ = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY | os.O_NOFOLLOW
_ENTER = getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY | os.O_CLOEXEC | os.O_NOFOLLOW
"""Where the system can, entering a folder needs no right to list it."""


def is_regular(path: Path) -> bool:
    """Behind a link the file that it names."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return False


def read_regular(path: Path, limit: int = LIMIT) -> bytes:
    """Its contents, behind a link the file that it names. OSError: it is larger, no regular file, or cannot be read."""
    return read_below(Path("/"), Path(os.path.realpath(path)), limit)


def read_below(top: Path, real: Path, limit: int = LIMIT) -> bytes:
    """Contents of a file of a real path below a folder. A link that was put on the way since then is not followed:
    OSError, as for what is larger, no regular file, or cannot be read.
    """
    with os.fdopen(open_below(top, real), "rb", buffering=0) as file:
        found = os.fstat(file.fileno()).st_size
        content = _read(file.fileno(), limit) if found <= limit else b""
    if found > limit or len(content) > limit:
        raise OSError(errno.EFBIG, f"it is larger than {limit >> 20} MiB")
    return content


def open_below(top: Path, real: Path) -> int:
    """A descriptor to read a regular file from, as `read_below` finds it. OSError."""
    *folders, name = real.relative_to(top).parts or (os.curdir,)
    at = os.open(top, _ENTER & ~os.O_NOFOLLOW)
    try:
        for folder in folders:
            inner = os.open(folder, _ENTER, dir_fd=at)
            os.close(at)
            at = inner
        return _opened(name, at)
    finally:
        os.close(at)


def _opened(name: str, folder: int) -> int:
    """Looked at before it is opened: to open a device may already do something."""
    _must_be_regular(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode)
    file = os.open(name, _READ, dir_fd=folder)
    try:
        _must_be_regular(os.fstat(file).st_mode)
    except OSError:
        os.close(file)
        raise
    return file


def _must_be_regular(mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "it is not a regular file (a pipe, a device, a link)")


def _read(file: int, limit: int) -> bytes:
    """At most one byte more than the limit: a file may grow while it is read."""
    pieces: list[bytes] = []
    left = limit + 1
    while left > 0 and (piece := os.read(file, min(left, 1 << 20))):
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces)
