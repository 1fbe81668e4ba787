"""A large redo log while much is loaded: with a small one, as the image has it, the server waits for its disk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from dfdev.errors import DfdevError
from dfdev.mysql.server import Server

_MUCH = 16_000_000
"""Bytes to load from which on it is worth it."""
_LOADING = 1 << 30
_NAMES = {"MySQL": "innodb_redo_log_capacity", "MariaDB": "innodb_log_file_size"}


@contextmanager
def roomy_log(server: Server, size: int) -> Iterator[None]:
    """`size`: bytes that will be loaded. Where we may not, or the server cannot while it runs, it stays as it is.

    If this process dies meanwhile the log stays large until the server starts again, which harms nothing.
    """
    before = _raised(server) if size >= _MUCH else ""
    try:
        yield
    finally:
        if before:
            with suppress(DfdevError):
                server.run(before)


def _raised(server: Server) -> str:
    """The statement that sets it back, "" where it was not raised."""
    with suppress(DfdevError):
        name = _NAMES[server.version().flavour]
        capacity = int(server.value(f"SELECT @@global.{name}"))
        if capacity < _LOADING:
            server.run(f"SET GLOBAL {name} = {_LOADING}")
            return f"SET GLOBAL {name} = {capacity}"
    return ""
