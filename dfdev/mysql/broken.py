"""Why a file was not loaded to its end: where, the statement, and what to do."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

from dfdev.errors import DfdevError
from dfdev.mysql.failure import parse_failure
from dfdev.mysql.feed import Fed
from dfdev.mysql.fixtures import Fixture
from dfdev.mysql.formats import opened
from dfdev.mysql.server import Server
from dfdev.mysql.sql_file import Place
from dfdev.stack.ready import plain_line

WORD, END = "dfdev-loaded-", "\nDELIMITER ;\nCOMMIT;\n"
"""What is sent behind a file: where the server quotes it, the file's last statement has no end."""
_AGAIN = "fetch or make the file again"
_SHOWN = 240
_LOST = (2006, 2013)
"""The client's own errors when the server goes away."""
_MOMENT = 1.0


def broken(server: Server, fixture: Fixture, fed: Fed, place: Callable[[int], Place] | None = None) -> DfdevError:
    """The error to raise. `place`: where a line that was sent comes from."""
    found = parse_failure(fed.said)
    if (found is None and fed.exit_code) or (found and found.code in _LOST):
        ended = _ended(server, fixture)
        if ended is not None:
            return ended
    if found is None:
        return _unsaid(fixture, fed)
    path, line = place(found.line) if place and found.line else (fixture.path, found.line)
    where = f"{path}, line {line}" if line else str(path)
    statement = _statement(path, line) if fixture.kind == "sql" else ""
    details = (f"the statement: {statement}",) if statement else ()
    if fixture.kind == "sql" and any(ours in fed.said for ours in (WORD, END)):
        return DfdevError(f"{where}: the file ends inside this statement", _AGAIN, details=details)
    return DfdevError(f"{where}: {found.told}", found.hint, details=details)


def _ended(server: Server, fixture: Fixture) -> DfdevError | None:
    """None: the server is there. What was in it when it is not ends a moment before the engine says so."""
    end = time.monotonic() + _MOMENT
    while (found := server.engine.container(server.container)).running:
        if time.monotonic() > end:
            return None
        time.sleep(0.05)
    return DfdevError(
        f"the database ended with exit code {found.exit_code} while {fixture.path} was loaded",
        "137 is a kill, by somebody or for want of memory: `dfdev machine status`; start it and try again",
        details=tuple(plain_line(line.text) for line in server.engine.logs(server.container, tail=3)),
    )


def _unsaid(fixture: Fixture, fed: Fed) -> DfdevError:
    """Nothing failed, and yet the end was not reached."""
    if fixture.kind == "csv" and not fed.exit_code:
        warnings = tuple(line.replace("\t", " ") for line in fed.out.splitlines() if line != "warnings")
        return DfdevError(f"{fixture.path}: rows do not fit into {fixture.table}", "mend them", details=warnings)
    if not fed.exit_code:
        return DfdevError(f"{fixture.path} ends inside a comment or a quote", _AGAIN)
    last = tuple(fed.said.strip().splitlines()[-3:])
    return DfdevError(f"{fixture.path}: the database's client ended with {fed.exit_code}", "try again", details=last)


def _statement(path: Path, line: int) -> str:
    """The line at which the client says that it begins."""
    if not line:
        return ""
    with opened(path) as reading:
        found = next(islice(_lines(reading.pieces()), line - 1, None), b"")
    text = found.decode("utf-8", "replace").strip()
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    rest = b""
    for piece in pieces:
        *lines, rest = (rest + piece).split(b"\n")
        yield from lines
    yield rest
