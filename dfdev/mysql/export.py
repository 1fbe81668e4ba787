"""The database as a dump, in a file that is complete or absent."""

from __future__ import annotations

import errno
import importlib
import os
import re
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import IO, cast

from dfdev.core.amounts import size_text
from dfdev.core.events import Emit, Progress
from dfdev.core.typed import typed
from dfdev.errors import DfdevError, UsageError
from dfdev.mysql.formats import MODULES, plain_name
from dfdev.mysql.server import Server, Version
from dfdev.system.step import step

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
_OTHERS = frozenset(
    {".zip", ".7z", ".rar", ".lz4", ".lzma", ".lz", ".lzo", ".br", ".z", ".tar", ".tgz", ".tbz", ".tbz2", ".txz"}
)
"""Suffixes of what is made of a dump by other programs."""
_EVERY = 0.2
_TOLD = re.compile(r"^[\w./-]*dump: (Got error: (\d+: )?)?")

Take = Callable[[bytes], None]


def export(server: Server, database: str, only: Sequence[str], take: Take, emit: Emit) -> int:
    """The bytes of the dump, given to `take` as they come. `only`: these tables; with them, nothing but tables."""
    key = f"dump {database}"
    with step(key, emit) as took:
        counted = _Counted(take, lambda count: emit(Progress(key, _pace(count, took()))))
        ran = server.engine.pipe(server.container, dump_argv(server, server.version(), database, only), take=counted)
        if ran.exit_code:
            raise _failed(database, ran.output)
    return counted.count


class _Counted:
    """Passes pieces on, and tells now and then how much it was."""

    def __init__(self, take: Take, tell: Callable[[int], None]) -> None:
        self.count = 0
        self._take = take
        self._tell = tell
        self._told = time.monotonic()

    def __call__(self, piece: bytes) -> None:
        self._take(piece)
        self.count += len(piece)
        if time.monotonic() - self._told >= _EVERY:
            self._told = time.monotonic()
            self._tell(self.count)


def _pace(count: int, seconds: float) -> str:
    return f"{size_text(count)}, {size_text(round(count / seconds))}/s"


def _failed(database: str, output: str) -> DfdevError:
    *others, last = output.strip().splitlines()[-3:] or ("it says nothing",)
    words = _TOLD.sub("", last)
    return DfdevError(
        f"cannot dump {database}: {words}", "is that the name of a database and its tables?", details=tuple(others)
    )


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
    _must_be_known(path)
    real = path.resolve()
    whole = not path.exists() or path.is_file() or path.is_dir()
    part = path
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        handle, part = _opened(real) if whole else (os.open(path, os.O_WRONLY), path)
        with os.fdopen(handle, "wb") as raw, _packed(path, raw) as stream:
            yield lambda piece: _write(stream, piece)
        if whole:
            part.replace(real)
    except OSError as error:
        raise DfdevError(f"cannot write {path}: {error.strerror}", "name another file, or make room") from error
    finally:
        if part != path:
            part.unlink(missing_ok=True)


def _write(stream: IO[bytes], piece: bytes) -> None:
    """An OSError would be taken for one of the engine's connection."""
    try:
        stream.write(piece)
    except OSError as error:
        raise DfdevError(f"cannot write the dump: {error.strerror}", "name another file, or make room") from error


def _opened(file: Path) -> tuple[int, Path]:
    """A new file beside it, which nobody else may read."""
    handle, name = tempfile.mkstemp(prefix=f".{file.name}.", suffix=".part", dir=file.parent)
    return handle, Path(name)


def _packed(path: Path, raw: IO[bytes]) -> AbstractContextManager[IO[bytes]]:
    suffix = path.suffix.lower()
    if suffix not in MODULES:
        return nullcontext(raw)
    return cast(IO[bytes], importlib.import_module(MODULES[suffix]).open(raw, "wb"))


def _must_be_known(path: Path) -> None:
    """UsageError: the name promises what dfdev does not write."""
    suffix = Path(plain_name(path)).suffix
    if suffix.lower() in _OTHERS:
        better = path.with_name(f"{path.name.partition('.')[0]}.sql.gz")
        raise UsageError(
            f"{path} cannot be written: dfdev does not pack {suffix}",
            f"{typed('dfdev mysql export', better)} (or .sql, .bz2, .xz, .zst)",
        )
