"""The caller's terminal: its size, and every key as a byte for a command that is somewhere else."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_USUAL = (80, 24)


class Terminal:
    """`fd` is the terminal's, e.g. 0."""

    def __init__(self, fd: int) -> None:
        self._fd = fd

    def size(self) -> tuple[int, int]:
        """Columns, rows; 80, 24 where it does not know."""
        try:
            columns, rows = os.get_terminal_size(self._fd)
        except OSError:
            return _USUAL
        return (columns, rows) if columns and rows else _USUAL

    def in_front(self) -> bool:
        """Whether this process may read from it: a job in the background would be stopped."""
        try:
            return os.tcgetpgrp(self._fd) == os.getpgrp()
        except OSError:
            return True

    @contextmanager
    def raw(self) -> Iterator[None]:
        """No echo, no lines, no signals by keys. As it was before in any case but `kill -9`: signals that end this
        process must be caught meanwhile (`Signals`).
        """
        import termios

        before = termios.tcgetattr(self._fd)
        try:
            self.make_raw()
            yield
        finally:
            # A terminal that is gone needs no manners.
            with suppress(termios.error):
                termios.tcsetattr(self._fd, termios.TCSANOW, before)

    def make_raw(self) -> None:
        """Again, after a shell changed it while this process stood still."""
        import termios
        import tty

        tty.setraw(self._fd, termios.TCSANOW)


def terminal_of(stdin: int, stdout: int) -> Terminal | None:
    """Where both are terminals, and this process may use them (no job in the background): only then a command can be
    given one.
    """
    found = Terminal(stdin) if _is_terminal(stdin) and _is_terminal(stdout) else None
    return found if found is not None and found.in_front() else None


def _is_terminal(fd: int) -> bool:
    try:
        return os.isatty(fd)
    except OSError:
        return False
