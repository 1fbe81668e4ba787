"""Loading a file into a server: with how far it is, in one transaction where the engine allows, whole or named.

The client cuts SQL into statements, and MySQL reads CSV: dfdev only passes bytes on, and asks for a word at the end
that cannot come unless everything before it went well.
"""

from __future__ import annotations

import codecs
import csv
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from dfdev.core.amounts import pace_text
from dfdev.core.events import Emit, Notice, Progress
from dfdev.core.frozen import dataclass
from dfdev.errors import DfdevError
from dfdev.mysql.broken import END, WORD, broken
from dfdev.mysql.feed import Fed, feed
from dfdev.mysql.fixtures import Fixture
from dfdev.mysql.for_now import local_infile
from dfdev.mysql.formats import Reading, opened
from dfdev.mysql.mysqlsh import databases_in, load_dump
from dfdev.mysql.server import Server, quoted_name
from dfdev.mysql.sql_file import SqlFile
from dfdev.system.step import step

LOADING = (
    "--batch",
    "--silent",
    "--skip-column-names",
    "--comments",
    "--local-infile=1",
    "--max-allowed-packet=1G",
    "--default-character-set=utf8mb4",
)
_EVERY = 0.2
_SCRIPT = "/tmp/dfdev-fixture.sh"
_LONGEST = 24 * 3600.0


@dataclass(frozen=True)
class Loaded:
    """`databases`: those that it went to; `size`: bytes on the disk, of what it sources too."""

    databases: frozenset[str]
    size: int


def load(server: Server, fixture: Fixture, database: str, emit: Emit, *, whole: bool = True, into: str = "") -> Loaded:
    """DfdevError names the file, the line and the statement. `whole`: of a file that fails nothing stays but what
    commits by itself; without it the server has less to remember. `into`: the database that it has to go to, whatever
    it names itself, "" for none.
    """
    key = f"load {fixture.path.name}"
    with step(key, emit):
        if fixture.kind == "sh":
            _run_script(server, fixture, database)
        elif fixture.kind == "mysqlsh":
            load_dump(server, fixture.path, into, key, emit)
            return Loaded(frozenset({into} if into else databases_in(fixture.path)), fixture.size)
        elif fixture.kind == "sql":
            return _load_sql(server, fixture, SqlFile(fixture.path, database, into), database, emit, whole)
        else:
            _load_csv(server, fixture, database, emit)
    return Loaded(frozenset({database}), fixture.size)


def _load_sql(server: Server, fixture: Fixture, file: SqlFile, database: str, emit: Emit, whole: bool) -> Loaded:
    word = _word()
    begin = ["--init-command=SET autocommit=0"] if whole else []
    pieces = file.pieces()
    first = next(pieces, b"")
    options = [*LOADING, *begin, *_binary(first), *_in(database)]
    told = _told(fixture, file, _chained(first, pieces), emit)
    fed = _fed(server, options, _with_tail(told, file, word))
    if fed.exit_code or word not in fed.out:
        raise broken(server, fixture, fed, file.place)
    _tell_left_out(file, emit)
    _tell_trailing(file.trailing, emit)
    return Loaded(frozenset(file.loaded), file.total)


def _tell_left_out(file: SqlFile, emit: Emit) -> None:
    if file.left_out:
        path, line = min(file.left_out.values())
        text = f"{path}, line {line}: what it has for {', '.join(sorted(file.left_out))} is left out"
        emit(Notice(f"{text}: those are the accounts and the settings of the server that it comes from", warning=True))


def _tell_trailing(paths: Iterable[Path], emit: Emit) -> None:
    for path in paths:
        emit(Notice(f"{path} has bytes behind what was packed, which are no part of it: left alone", warning=True))


def _binary(first: bytes) -> list[str]:
    """The client's other way to read, which lets CR LF stand and takes no commands of its own: for bytes that the
    usual one refuses.
    """
    return ["--binary-mode"] if b"\0" in first else []


def _with_tail(pieces: Iterable[bytes], file: SqlFile, word: str) -> Iterator[bytes]:
    """A last statement without its delimiter is one too, whatever the delimiter is in the end."""
    yield from pieces
    yield b"\n" + file.delimiter + f"{END}SELECT '{word}';\n".encode()


def _load_csv(server: Server, fixture: Fixture, database: str, emit: Emit) -> None:
    """The first line names the columns; an unquoted NULL is one. What does not fit is an error, as in strict mode."""
    word = _word()
    with opened(fixture.path) as reading:
        pieces = reading.pieces()
        first = next(pieces, b"")
        columns, ending = _csv_head(fixture, first)
        statements = _csv_statements(fixture, columns, ending, word)
        options = [*LOADING, "--init-command=SET autocommit=0, sql_notes=0, foreign_key_checks=0"]
        options += [f"--execute={statements}", *_in(database)]
        rows = _told(fixture, reading, _chained(first, pieces), emit)
        with local_infile(server):
            fed = _fed(server, options, without_blank_end(rows, ending) if len(columns) > 1 else rows)
    if fed.exit_code or word not in fed.out:
        raise broken(server, fixture, fed)
    _tell_trailing([fixture.path] if reading.trailing else [], emit)


def _in(database: str) -> list[str]:
    return [f"--database={database}"] if database else []


def _csv_head(fixture: Fixture, first: bytes) -> tuple[list[str], str]:
    """The columns that its first line names, and what ends its lines."""
    line, newline, _ = first.decode("utf-8-sig", "replace").partition("\n")
    columns = next(csv.reader([line.rstrip("\r")]), [])
    if not columns or not newline:
        raise DfdevError(f"{fixture.path} has no line that names its columns", "begin it with one: id,title,opened")
    return columns, "\r\n" if line.endswith("\r") else "\n"


def without_blank_end(pieces: Iterable[bytes], ending: str) -> Iterator[bytes]:
    """With one line end behind the last row, however many there are: of several columns, a blank line is no row."""
    ends = b""
    for piece in pieces:
        text = ends + piece
        rows = text.rstrip(b"\r\n")
        ends = text[len(rows) :]
        if rows:
            yield rows
    yield ending.encode()


def _csv_statements(fixture: Fixture, columns: Sequence[str], ending: str, word: str) -> str:
    """A warning is what strict mode would refuse: then nothing is committed, and the word does not come."""
    ends = ending.replace("\r", "\\r").replace("\n", "\\n")
    names = ", ".join(quoted_name(column.strip()) for column in columns)
    return (
        f"LOAD DATA LOCAL INFILE '/dev/stdin' INTO TABLE {quoted_name(fixture.table)} CHARACTER SET utf8mb4"
        f" FIELDS TERMINATED BY ',' OPTIONALLY ENCLOSED BY '\"' ESCAPED BY '' LINES TERMINATED BY '{ends}'"
        f" IGNORE 1 LINES ({names}); SHOW WARNINGS LIMIT 3;"
        f" SELECT IF(@@warning_count = 0, 'COMMIT', 'DO 0'), IF(@@warning_count = 0, '{word}', 'warnings')"
        " INTO @dfdev_end, @dfdev_word; PREPARE dfdev_end FROM @dfdev_end; EXECUTE dfdev_end; SELECT @dfdev_word;"
    )


def _run_script(server: Server, fixture: Fixture, database: str) -> None:
    """With the client's settings in place, so that a plain `mysql` in it finds the server."""
    script = fixture.path.read_bytes().removeprefix(codecs.BOM_UTF8).replace(b"\r\n", b"\n")
    server.engine.write_file(server.container, _SCRIPT, script, mode=0o755, uid=0, gid=0)
    argv = ["sh", "-c", f"if command -v bash >/dev/null; then exec bash {_SCRIPT}; else exec sh {_SCRIPT}; fi"]
    ran = server.engine.exec(server.container, argv, timeout=_LONGEST, env={"MYSQL_DATABASE": database})
    server.engine.exec(server.container, ["rm", "-f", _SCRIPT], timeout=60)
    if ran.exit_code:
        last = tuple(ran.output.strip().splitlines()[-8:])
        raise DfdevError(f"{fixture.path} exits with {ran.exit_code}", "mend the script", details=last)


def _fed(server: Server, options: Iterable[str], pieces: Iterable[bytes]) -> Fed:
    return feed(server.engine, server.container, server.loader(*options), pieces)


def _told(fixture: Fixture, reading: Reading | SqlFile, pieces: Iterable[bytes], emit: Emit) -> Iterator[bytes]:
    began = last = time.monotonic()
    for piece in pieces:
        yield piece
        now = time.monotonic()
        if now - last >= _EVERY:
            last = now
            emit(Progress(f"load {fixture.path.name}", pace_text(reading.done, reading.total, now - began)))


def _chained(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    if first:
        yield first
    yield from rest


def _word() -> str:
    return f"{WORD}{os.urandom(8).hex()}"
