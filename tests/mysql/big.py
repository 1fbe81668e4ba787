"""`python -m tests.mysql.big MEGABYTES FILE`: a dump as mysqldump writes it, of any size, always the same."""

from __future__ import annotations

import argparse
import itertools
import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

MEGABYTE = 1_000_000
STATEMENT = 1_000_000
"""Bytes of one INSERT, as mysqldump packs them."""

_VARIANTS = 4
_WORDS = 'Sein oder Nichtsein das ist hier die Frage Вишнёвый сад 梅兰芳 🎭 it\\\'s \\"so\\" a\\nb , ; (x),(y)'

_HEAD = """-- MySQL dump 10.13  Distrib 9.0.0, for Linux (x86_64)
/*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */;
/*!50503 SET NAMES utf8mb4 */;
/*!40014 SET @OLD_UNIQUE_CHECKS=@@UNIQUE_CHECKS, UNIQUE_CHECKS=0 */;
/*!40014 SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0 */;
/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;

"""
_FOOT = """/*!40101 SET SQL_MODE=@OLD_SQL_MODE */;
/*!40014 SET FOREIGN_KEY_CHECKS=@OLD_FOREIGN_KEY_CHECKS */;
/*!40014 SET UNIQUE_CHECKS=@OLD_UNIQUE_CHECKS */;
/*!40101 SET CHARACTER_SET_CLIENT=@OLD_CHARACTER_SET_CLIENT */;
-- Dump completed
"""


@dataclass(frozen=True)
class Table:
    """`row` makes the values of a row, with %d for its id."""

    name: str
    share: float
    columns: str
    row: Callable[[random.Random], str]


def tables() -> tuple[Table, ...]:
    return (
        Table("theatre", 0.05, "  `name` varchar(400) NOT NULL", lambda dice: f"(%d,'{_words(dice, 8)}')"),
        Table(
            "actor",
            0.15,
            "  `born` date DEFAULT NULL,\n  `name` varchar(400) NOT NULL,\n  KEY `born` (`born`)",
            lambda dice: f"(%d,'{_date(dice)}','{_words(dice, 12)}')",
        ),
        Table(
            "line",
            0.80,
            "  `actor_id` int NOT NULL,\n  `said_at` datetime(6) DEFAULT NULL,\n"
            "  `weight` decimal(10,3) DEFAULT NULL,\n  `text` text,\n  KEY `actor_id` (`actor_id`)",
            lambda dice: (
                f"(%d,{dice.randrange(1, 9999)},'{_date(dice)} 20:15:00.{dice.randrange(10**5, 10**6)}',"
                f"{dice.randrange(999)}.250,'{_words(dice, 30)}')"
            ),
        ),
    )


def dump(megabytes: float) -> Iterator[bytes]:
    """The dump in pieces of at most about a megabyte."""
    yield _HEAD.encode()
    for table in tables():
        yield _before(table).encode()
        yield from _inserts(table, int(megabytes * MEGABYTE * table.share))
        yield f"/*!40000 ALTER TABLE `{table.name}` ENABLE KEYS */;\nUNLOCK TABLES;\n\n".encode()
    yield _FOOT.encode()


def write(megabytes: float, path: Path) -> None:
    with path.open("wb") as file:
        file.writelines(dump(megabytes))


def _before(table: Table) -> str:
    return f"""DROP TABLE IF EXISTS `{table.name}`;
CREATE TABLE `{table.name}` (
  `id` int NOT NULL AUTO_INCREMENT PRIMARY KEY,
{table.columns}
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
LOCK TABLES `{table.name}` WRITE;
/*!40000 ALTER TABLE `{table.name}` DISABLE KEYS */;
"""


def _inserts(table: Table, size: int) -> Iterator[bytes]:
    """Rows are made once, for a few statements; from then on only their ids differ."""
    variants: list[list[bytes]] = []
    whole, written, next_id = min(STATEMENT, size), 0, 1
    for number in itertools.count():
        if number < _VARIANTS:
            variants.append(_rows(table, random.Random(f"{table.name} {number}"), whole))
        rows = variants[number % _VARIANTS]
        if size - written < whole:
            rows = rows[: max(1, len(rows) * (size - written) // whole)]
        ids = range(next_id, next_id + len(rows))
        statement = b"INSERT INTO `%s` VALUES " % table.name.encode() + b",".join(rows) % tuple(ids) + b";\n"
        yield statement
        written, next_id = written + len(statement), ids.stop
        if written >= size:
            return


def _rows(table: Table, dice: random.Random, wanted: int) -> list[bytes]:
    rows: list[bytes] = []
    size = 0
    while size < wanted:
        rows.append(table.row(dice).encode())
        size += len(rows[-1]) + 6
    return rows


def _words(dice: random.Random, count: int) -> str:
    return " ".join(dice.choices(_WORDS.split(), k=count))


def _date(dice: random.Random) -> str:
    return f"{dice.randrange(1850, 2015)}-{dice.randrange(1, 13):02}-{dice.randrange(1, 29):02}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.mysql.big", description=__doc__)
    parser.add_argument("megabytes", type=float)
    parser.add_argument("file", type=Path, help="- is stdout")
    arguments = parser.parse_args()
    if str(arguments.file) == "-":
        sys.stdout.buffer.writelines(dump(arguments.megabytes))
    else:
        write(arguments.megabytes, arguments.file)


if __name__ == "__main__":
    main()
