"""The tables of a server: how many rows they have, and which were changed since the fixtures were baked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field

from dfdev.core.frozen import dataclass
from dfdev.mysql.server import Server, quoted_name
from dfdev.stack.mysql import META
from dfdev.system.parallel import together

DATA = "/var/lib/mysql-baked"
COMPLETE = ".complete"
"""Made in the data folder once the server had been shut down: what is newer was written by somebody since."""
SYSTEM = "'mysql', 'sys', 'performance_schema', 'information_schema'"
"""The server's own databases, as SQL lists them."""
_AT_ONCE = 100
_FRESH = "/*!80000 SET SESSION information_schema_stats_expiry = 0 */;"
"""MySQL keeps such figures for a day. MariaDB takes the line for a comment."""
_LOOK = 'cd "$1" && [ -e "$2" ] || exit 90; find . -type f -newer "$2"'
_NOT_BAKED = 90


@dataclass(frozen=True)
class Table:
    """`changed`: by this server since it was started, as far as it remembers."""

    schema: str
    name: str
    changed: bool

    @property
    def title(self) -> str:
        return f"{self.schema}.{self.name}"

    @property
    def file(self) -> re.Pattern[str]:
        """Of its name in the data folder. MySQL has short codes for some letters beyond ASCII: any code will do, so
        that a table may be taken for changed that is not, and never the other way round.
        Source: MySQL manual, Mapping of Identifiers to File Names.
        """
        return re.compile(f"{_coded(self.schema)}/{_coded(self.name)}")


@dataclass(frozen=True)
class Changes:
    """Tables that were changed or made since the bake, and the titles of those that are gone."""

    changed: tuple[Table, ...]
    gone: tuple[str, ...]

    @property
    def titles(self) -> list[str]:
        return sorted([*(table.title for table in self.changed), *self.gone])


@dataclass(frozen=True)
class Drift:
    """What differs from the bake. `rows`: of each changed table, (baked, now); None: it is not there."""

    rows: Mapping[str, tuple[int | None, int | None]] = field(default_factory=dict)


def tables(server: Server) -> list[Table]:
    """Without the server's own."""
    found = server.rows(
        f"{_FRESH} SELECT table_schema, table_name, update_time IS NOT NULL FROM information_schema.tables"
        f" WHERE table_schema NOT IN ({SYSTEM}, '{META}') AND table_type IN ('BASE TABLE', 'SYSTEM VERSIONED')"
        " ORDER BY 1, 2"
    )
    return [Table(schema, name, changed == "1") for schema, name, changed in found]


def row_counts(server: Server, wanted: Sequence[Table]) -> dict[str, int]:
    """ "database.table" -> rows, counted and not estimated."""
    found: dict[str, int] = {}
    for begin in range(0, len(wanted), _AT_ONCE):
        part = wanted[begin : begin + _AT_ONCE]
        counts = (
            f"SELECT {number}, COUNT(*) FROM {quoted_name(table.schema)}.{quoted_name(table.name)}"
            for number, table in enumerate(part)
        )
        rows = server.rows(" UNION ALL ".join(counts))
        found |= {part[int(number)].title: int(count) for number, count in rows}
    return found


def changes(server: Server, baked: Mapping[str, int]) -> Changes | None:
    """None: this server's data were not baked by dfdev. `baked`: rows as the image's label tells them."""
    found: list[list[Table]] = []
    written: list[frozenset[str] | None] = []
    together(lambda: found.append(tables(server)), lambda: written.append(_written_files(server)))
    files, there = written[0], found[0]
    if files is None:
        return None
    changed = [t for t in there if t.changed or t.title not in baked or any(map(t.file.fullmatch, files))]
    return Changes(tuple(changed), tuple(sorted(baked.keys() - {t.title for t in there})))


def drift(server: Server, baked: Mapping[str, int]) -> Drift | None:
    """The same with rows: the changed tables are counted, which takes its time where they are large."""
    found = changes(server, baked)
    if found is None:
        return None
    now = row_counts(server, found.changed)
    return Drift({title: (baked.get(title), now.get(title)) for title in found.titles})


def _written_files(server: Server) -> frozenset[str] | None:
    """ "database/table" of each file in the data folder that is newer than the bake."""
    ran = server.engine.exec(server.container, ["sh", "-c", _LOOK, "sh", DATA, COMPLETE], timeout=60)
    if ran.exit_code == _NOT_BAKED:
        return None
    return frozenset(table_files(ran.output.splitlines()))


def table_files(paths: Iterable[str]) -> set[str]:
    """ "./shop/order.ibd", "./shop/log#p#p2024.ibd" -> "shop/order", "shop/log"."""
    below = (path.removeprefix("./") for path in paths)
    return {path.rsplit(".", 1)[0].partition("#p#")[0].partition("#P#")[0] for path in below if path.count("/") == 1}


def _coded(name: str) -> str:
    """A pattern of the name as a file has it."""
    return "".join(_letter(letter) for letter in name)


def _letter(letter: str) -> str:
    if letter == "_" or (letter.isascii() and letter.isalnum()):
        return letter
    return f"@{ord(letter):04x}" if letter.isascii() else "(?:@[0-9a-z]{4}|@[0-9a-zA-Z]{2}){1,2}"
