"""A folder of fixtures that holds everything that a dump, a load or a copy may lose."""

from __future__ import annotations

import bz2
import gzip
import importlib
import lzma
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

from dfdev.mysql.formats import ZSTD

Flavour = Literal["mysql", "mariadb"]
Row = tuple[str | None, ...]

SQL = Path(__file__).parent / "sql"
CSV_NULL = "NULL"
"""Without quotes. CSV is RFC 4180: quotes are doubled, a backslash is itself, an empty field is an empty string."""

_PACKED = {"02": ".gz", "03": ".bz2", "04": ".xz", "05": ".zst"}
_ESCAPES = {0: b"\\0", 10: b"\\n", 13: b"\\r", 26: b"\\Z", 34: b'\\"', 39: b"\\'", 92: b"\\\\"}
_REVIEWS: tuple[Row, ...] = (
    ("said", "id", "stars"),
    ('He said "no", twice', "1", "4.5"),
    ("two\nlines, and a last\n", "2", None),
    (None, "3", "0.0"),
    ("", "4", "5.0"),
    ("NULL", "5", "1.0"),
    ("C:\\new\\0\\", "6", "2.0"),
    ("\\N", "7", "2.5"),
    ("👏🏽 Brüder; -- 'drop'", "8", "3.0"),
    (" spaces, \t tab ", "9", "-1.0"),
    ('"', "10", None),
)
_PRICES: tuple[Row, ...] = (
    ("Name, full", "in €", "note"),
    ("Parkett, Mitte", "49.90", "line ends are CR LF"),
    ("Stehplatz", None, None),
    ("Loge 'royal' `1`", "0.00", 'with "view"\nand champagne 🍾'),
)


def write_fixtures(folder: Path, flavour: Flavour) -> None:
    """Files for the default database, to be loaded in the order of their names."""
    folder.mkdir(parents=True, exist_ok=True)
    for source in sorted(SQL.glob("*.sql")):
        _write(folder / source.name, source.read_bytes())
    _write(folder / "06-blobs.sql", _blobs())
    (folder / "07-more.sh").write_text(_script(flavour))
    (folder / "08-review.csv").write_bytes(csv(_REVIEWS, "\n"))
    (folder / "09-price list.csv").write_bytes(csv(_PRICES, "\r\n"))


def zstd() -> Any:
    """Python's own module, or its backport."""
    return importlib.import_module(ZSTD)


def csv(rows: Iterable[Row], end: str) -> bytes:
    return "".join(",".join(map(_cell, row)) + end for row in rows).encode()


def _write(path: Path, content: bytes) -> None:
    packers = {".gz": _gzip, ".bz2": bz2.compress, ".xz": lzma.compress, ".zst": zstd().compress}
    suffix = _PACKED.get(path.name[:2], "")
    packer = packers.get(suffix)
    if path.name.startswith("10"):
        content = content.rstrip().replace(b"\n", b"\r\n")
    if packer:
        path, content = path.with_name(path.name + suffix), packer(content)
    path.write_bytes(content)


def _gzip(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)


def _cell(value: str | None) -> str:
    if value is None:
        return CSV_NULL
    if value != CSV_NULL and re.fullmatch(r"[\w.€-]+", value):
        return value
    return '"{}"'.format(value.replace('"', '""'))


def _blobs() -> bytes:
    """Every byte, once as digits and once raw, as mysqldump writes it without --hex-blob."""
    every = bytes(range(256))
    raw = b"".join(_ESCAPES.get(byte, bytes([byte])) for byte in every)
    return b"""CREATE TABLE upload (id INT PRIMARY KEY, data LONGBLOB, hash BINARY(8), name VARBINARY(300));
INSERT INTO upload VALUES (1, 0x%s, 0x00, ''), (2, _binary '%s', _binary 'a', 0x0d0a001a2722),
    (3, NULL, NULL, NULL), (4, _binary '\\r\\n\\0\\Z\\'\\"\\\\', 0xffffffffffffffff, _binary 'caf\xe9');
""" % (every.hex().encode(), raw)


def _script(flavour: Flavour) -> str:
    return f"""#!/bin/sh
# With the client's own settings: the socket, as root.
set -eu
MYSQL_PWD="${{MYSQL_ROOT_PASSWORD:-}}" {flavour} --user=root --default-character-set=utf8mb4 \\
    --database="${{MYSQL_DATABASE:-dev}}" <<'SQL'
CREATE TABLE by_script (id INT PRIMARY KEY, said VARCHAR(20));
INSERT INTO by_script VALUES (1, 'by a script 🐚');
SQL
"""
