"""The database as a dump, in a file that is complete or absent."""

from __future__ import annotations

import errno
import importlib
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from dfdev.core.amounts import size_text
from dfdev.core.events import Began, Emit, Ended, Failed, Progress
from dfdev.errors import DfdevError
from dfdev.mysql.formats import MODULES
from dfdev.mysql.server import Server, Version

_WHOLE = (
    "--single-transaction",
    "--quick",
    "--routines",
    "--triggers",
    "--events",
    "--hex-blob",
    "--default-character-set=utf8mb4",
    "--max-allowed-packet=1G",
)
_MYSQL = ("--no-tablespaces", "--set-gtid-purged=OFF", "--column-statistics=0")
_EVERY = 0.2

Take = Callable[[bytes], None]


def export(server: Server, database: str, only: Sequence[str], take: Take, emit: Emit) -> int:
    """The bytes of the dump, given to `take` as they come. `only`: these tables; with them, nothing but tables."""
    key = f"dump {database}"
    emit(Began(key))
    began = last = time.monotonic()
    count = 0

    def counted(piece: bytes) -> None:
        nonlocal count, last
        take(piece)
        count += len(piece)
        now = time.monotonic()
        if now - last >= _EVERY:
            last = now
            emit(Progress(key, f"{size_text(count)}, {size_text(round(count / (now - began)))}/s"))

    try:
        ran = server.engine.pipe(server.container, dump_argv(server, server.version(), database, only), take=counted)
        if ran.exit_code:
            said = tuple(line for line in ran.output.strip().splitlines()[-3:])
            raise DfdevError(
                f"dumping {database} failed", "is that the name of a database and its tables?", details=said
            )
    except DfdevError as error:
        emit(Failed(key, error.message))
        raise
    emit(Ended(key, time.monotonic() - began))
    return count


def dump_argv(server: Server, version: Version, database: str, only: Sequence[str]) -> list[str]:
    options = [*_WHOLE, *(() if version.flavour == "MariaDB" else _MYSQL)]
    if only:
        options = [option for option in options if option not in ("--routines", "--events")]
    return server.tool("mysqldump", "mariadb-dump", *options, "--", database, *only)


@contextmanager
def target(path: Path) -> Iterator[Take]:
    """Written beside it, and there under its name once everything is. Compressed as its name says. DfdevError.

    A pipe or a device is written to as it is; of a link, what it leads to is replaced.
    """
    real = path.resolve()
    whole = not path.exists() or path.is_file() or path.is_dir()
    part = real.with_name(f".{real.name}.{os.getpid()}.part") if whole else path
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        with _packed(path, part) as stream:
            yield lambda piece: _write(stream, piece)
        if whole:
            part.replace(real)
    except OSError as error:
        raise DfdevError(f"cannot write {path}: {error.strerror}", "name another file, or make room") from error
    finally:
        if whole:
            part.unlink(missing_ok=True)


def _write(stream: IO[bytes], piece: bytes) -> None:
    """An OSError would be taken for one of the engine's connection."""
    try:
        stream.write(piece)
    except OSError as error:
        raise DfdevError(f"cannot write the dump: {error.strerror}", "name another file, or make room") from error


def _packed(path: Path, part: Path) -> IO[bytes]:
    if path.suffix not in MODULES:
        return part.open("wb")
    return cast(IO[bytes], importlib.import_module(MODULES[path.suffix]).open(part, "wb"))
