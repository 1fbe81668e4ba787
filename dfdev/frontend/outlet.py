"""One of the caller's output streams, for a loop around `select`: a reader that is slow stops nothing but itself."""

from __future__ import annotations

import errno
import os
import select
import stat

from dfdev.errors import DfdevError

_PIECE = 1 << 16


class Outlet:
    """Raises BrokenPipeError once its reader went away, DfdevError for a disk that is full and the like."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._waiting = bytearray()
        self._gone = False
        self._at_once = _PIECE if _takes_all(fd) else select.PIPE_BUF

    @property
    def waiting(self) -> int:
        """Bytes that are still to be written."""
        return len(self._waiting)

    def fileno(self) -> int:
        return self._fd

    def add(self, data: bytes) -> None:
        if not self._gone:
            self._waiting += data

    def write(self) -> None:
        """Some of it; call it when `select` says so."""
        try:
            written = os.write(self._fd, bytes(self._waiting[: self._at_once]))
        except BlockingIOError:
            return
        except OSError as error:
            self._gone = True
            self._waiting.clear()
            if error.errno in (errno.EPIPE, errno.EIO):
                raise BrokenPipeError from error
            raise DfdevError(f"the output cannot be written: {error.strerror}") from error
        del self._waiting[:written]


def _takes_all(fd: int) -> bool:
    """A pipe that `select` calls writable may take no more than PIPE_BUF without blocking."""
    mode = os.fstat(fd).st_mode
    return stat.S_ISREG(mode) or stat.S_ISCHR(mode)
