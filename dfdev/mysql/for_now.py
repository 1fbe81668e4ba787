"""A variable of the server that has another value for the moment, and then its own again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress

from dfdev.errors import DfdevError
from dfdev.mysql.lifeline import afterwards
from dfdev.mysql.server import Server

_MUCH = 16_000_000
"""Bytes to load from which on a large log is worth it."""
_ROOMY = 1 << 30
_LOGS = {"MySQL": "innodb_redo_log_capacity", "MariaDB": "innodb_log_file_size"}


def local_infile(server: Server) -> AbstractContextManager[None]:
    """A client may send a file of its own, as MySQL 8 and later do not allow: where we may not, LOAD DATA says so."""
    return _for_now(server, "local_infile", 1, lambda there: there == 1)


def roomy_log(server: Server, size: int) -> AbstractContextManager[None]:
    """A large redo log while `size` bytes are loaded: with a small one the server waits for its disk."""
    if size >= _MUCH:
        with suppress(DfdevError):
            return _for_now(server, _LOGS[server.version().flavour], _ROOMY, lambda there: there >= _ROOMY)
    return nullcontext()


@contextmanager
def _for_now(server: Server, name: str, value: int, will_do: Callable[[int], bool]) -> Iterator[None]:
    """`will_do`: whether the value that is there may stay. Where we may not set it, it stays as it is.

    A client in the container waits for our end and sets it back, whatever that end is.
    """
    before = _value(server, name)
    if before is None or will_do(before):
        yield
        return
    back = server.client("--batch", f"--execute=SET GLOBAL {name} = {before}")
    with afterwards(server.engine, server.container, back):
        with suppress(DfdevError):
            server.run(f"SET GLOBAL {name} = {value}")
        yield


def _value(server: Server, name: str) -> int | None:
    with suppress(DfdevError):
        return int(server.value(f"SELECT @@global.{name}"))
    return None
