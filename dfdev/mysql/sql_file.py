"""A file of SQL as it is sent to a server: what it sources in its place, and without what belongs to another server.

Lines stay where they are, so that the client's errors name the right one: what is left out leaves its line ends.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path

from dfdev.errors import DfdevError
from dfdev.mysql.formats import Reading, opened
from dfdev.mysql.heads import OTHER, Head, head_of
from dfdev.mysql.server import quoted_name
from dfdev.mysql.statements import HEAD, Part, Statements
from dfdev.stack.mysql import META

SYSTEM = frozenset({"mysql", "sys", "performance_schema", "information_schema", META})
"""Accounts and settings of the server that a dump comes from: with them, nobody gets in here any more."""
_BOM = b"\xef\xbb\xbf"
_MODE = re.compile(rb"sql_mode", re.I)
_ALONE = "import it without --into, or dump that one database by itself: mysqldump NAME"
_OVERLAP = 16
Place = tuple[Path, int]


class SqlFile:
    """`database`: the one that it is loaded into unless it says another; `into`: the one that it has to go to, whatever
    it says, "" for none.

    While it is read: `loaded`, the databases that it writes to; `left_out`, where it speaks first of what is another
    server's own; `sources`, the files that it loads; `trailing`, those with bytes behind what was packed.
    """

    def __init__(self, path: Path, database: str = "", into: str = "") -> None:
        self.path = path
        self.delimiter = b";"
        self.loaded: set[str] = set()
        self.left_out: dict[str, Place] = {}
        self.sources: list[Path] = []
        self._current = into or database
        self._into = into
        self._own: tuple[str, Place] | None = None
        """The database that it names, in place of which `into` is."""
        self._in_system = False
        self._keeps = True
        self._readings: list[Reading] = []
        self._sent = 1
        self._marks: list[tuple[int, Path, int]] = []

    @property
    def done(self) -> int:
        return sum(reading.done for reading in self._readings)

    @property
    def trailing(self) -> list[Path]:
        return [reading.path for reading in self._readings if reading.trailing]

    @property
    def total(self) -> int:
        return sum(reading.total for reading in self._readings)

    def pieces(self) -> Iterator[bytes]:
        """DfdevError with file and line, for what may not be loaded and what cannot be read."""
        cutter = Statements()
        yield from self._file(self.path, (self.path.resolve(),), cutter)
        self.delimiter = cutter.delimiter

    def place(self, line: int) -> Place:
        """The file, and the line in it, that was sent as line `line`."""
        at = bisect_right(self._marks, line, key=lambda mark: mark[0]) - 1
        if at < 0:
            return self.path, line
        sent, path, first = self._marks[at]
        return path, first + line - sent

    def _file(self, path: Path, above: tuple[Path, ...], cutter: Statements) -> Iterator[bytes]:
        line = 1
        self._marks.append((self._sent, path, line))
        with opened(path) as reading:
            self._readings.append(reading)
            for parts in _parts(reading, cutter):
                out: list[bytes] = []
                for part in parts:
                    if part.kind == "failure":
                        raise _not_whole((path, line), part.word)
                    if part.kind == "source":
                        yield b"".join(out)
                        out.clear()
                        yield from self._sourced(part, (path, line), above, cutter)
                        self._marks.append((self._sent, path, line))
                        continue
                    lines = part.data.count(b"\n")
                    out.append(self._sent_of(part, lines, (path, line), cutter))
                    line += lines
                    self._sent += lines
                yield b"".join(out)

    def _sourced(self, part: Part, place: Place, above: tuple[Path, ...], cutter: Statements) -> Iterator[bytes]:
        found = self._found(part.word.decode("utf-8", "surrogateescape"), place)
        real = found.resolve()
        if real in above:
            chain = " -> ".join(path.name for path in (*above[above.index(real) :], real))
            raise _refused(place, f"{found.name} is being loaded already: {chain}", "take one of these lines out")
        self.sources.append(real)
        inner = Statements(cutter.delimiter, escapes=cutter.escapes)
        yield from self._file(found, (*above, real), inner)
        if inner.quoted:
            raise DfdevError(f"{found} ends inside a comment or a quote", "fetch or make the file again")
        cutter.delimiter, cutter.escapes = inner.delimiter, inner.escapes
        self._sent += 2 if inner.open else 1
        yield b"\n" + inner.delimiter + b"\n" if inner.open else b"\n"

    def _found(self, name: str, place: Place) -> Path:
        """From where the client would be started, or from beside the file that sources it. DfdevError."""
        folder = self.path.parent
        real = folder.resolve()
        for candidate in (folder / name, place[0].parent / name):
            if not candidate.resolve().is_relative_to(real):
                raise _refused(
                    place, f"source {name} leads out of {folder}", "put that file there, and source it there"
                )
            if candidate.is_file():
                return candidate
        raise _refused(
            place, f"source {name}: there is no such file in {folder}", "put it beside the file that loads it"
        )

    def _sent_of(self, part: Part, lines: int, place: Place, cutter: Statements) -> bytes:
        """What is sent for a part of the file."""
        head = OTHER
        if part.kind in ("statement", "command"):
            head = head_of(part.data[:HEAD])
            self._keeps = self._kept(head, place)
            if head.kind == "set" and _MODE.search(part.data[:HEAD]):
                cutter.escapes = b"NO_BACKSLASH_ESCAPES" not in part.data[:HEAD].upper()
        kept = part.kind not in ("sandbox", "warning") and (self._keeps or part.kind in ("between", "delimiter"))
        if not kept:
            return b"\n" * lines
        return _as_statement(head, cutter.delimiter) if part.kind == "command" and head.kind == "use" else part.data

    def _kept(self, head: Head, place: Place) -> bool:
        """DfdevError: it may not be loaded at all."""
        if head.kind == "use":
            return self._used(head.databases[0], place)
        if head.kind == "database":
            return self._may_be_named(head.databases[0], place)
        if head.kind == "server":
            self.left_out.setdefault(head.about, place)
            return False
        if self._in_system or head.kind != "writes":
            return not self._in_system or head.kind in ("account", "set")
        return self._written(head.databases, place)

    def _used(self, name: str, place: Place) -> bool:
        self._in_system = name.lower() in SYSTEM
        kept = self._may_be_named(name, place)
        if kept:
            self._current = name
        return kept

    def _may_be_named(self, name: str, place: Place) -> bool:
        if name.lower() in SYSTEM:
            self.left_out.setdefault(name, place)
            return False
        if not self._into or name == self._into:
            return True
        first, where = self._own = self._own or (name, place)
        if name != first:
            text = f"a second database, `{name}`, after `{first}` in line {where[1]}: --into takes one"
            raise _refused(place, text, _ALONE)
        return False

    def _written(self, names: tuple[str, ...], place: Place) -> bool:
        for name in names:
            if name.lower() in SYSTEM:
                self.left_out.setdefault(name, place)
                return False
            if self._into and name != self._into:
                raise _refused(place, f"it writes to `{name}` by name, and not to `{self._into}`", _ALONE)
        self.loaded.update(names or (self._current,))
        return True


def _as_statement(use: Head, delimiter: bytes) -> bytes:
    """Of a line without a delimiter: the client may obey no commands of its own."""
    return b"USE " + quoted_name(use.databases[0]).encode() + delimiter


def _not_whole(place: Place, said: bytes) -> DfdevError:
    """What made the dump wrote its error into it."""
    path, line = place
    words = said.decode("utf-8", "replace")
    return DfdevError(f"{path}, line {line}: it is not whole, {words}", "make the dump again, without `2>&1`")


def _refused(place: Place, text: str, hint: str) -> DfdevError:
    path, line = place
    return DfdevError(f"{path}, line {line}: {text}", hint)


def _parts(reading: Reading, cutter: Statements) -> Iterator[Iterator[Part]]:
    """Of each piece, the last one's rest too."""
    first = True
    for piece in reading.pieces():
        yield cutter.cut(piece.removeprefix(_BOM) if first else piece)
        first = False
    yield cutter.cut(b"", last=True)


def must_fit(path: Path, into: str) -> None:
    """DfdevError, before the first statement: not all of it can go to `into`."""
    for _ in SqlFile(path, into=into).pieces():
        pass


def sources_of(path: Path) -> tuple[Path, ...]:
    """The files that it loads, and those load. DfdevError: one that may not be, or is not there."""
    if not _may_source(path):
        return ()
    file = SqlFile(path)
    for _ in file.pieces():
        pass
    return tuple(dict.fromkeys(file.sources))


def _may_source(path: Path) -> bool:
    """At the speed of a search for the words."""
    rest = b""
    with opened(path) as reading:
        for piece in reading.pieces():
            text = rest + piece.lower()
            if b"source" in text or b"\\." in text:
                return True
            rest = text[-_OVERLAP:]
    return False
