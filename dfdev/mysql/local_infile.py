"""What lets a client send a file of its own to the server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from dfdev.errors import DfdevError
from dfdev.mysql.server import Server


@contextmanager
def local_infile(server: Server) -> Iterator[None]:
    """Allowed for the moment, as MySQL 8 and later do not by themselves: where we may not, LOAD DATA says so."""
    if server.value("SELECT @@global.local_infile") == "1":
        yield
        return
    with suppress(DfdevError):
        server.run("SET GLOBAL local_infile = 1")
    try:
        yield
    finally:
        with suppress(DfdevError):
            server.run("SET GLOBAL local_infile = 0")
