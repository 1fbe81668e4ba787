"""The fixtures that tests of databases load, and the dumps that they measure with."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import lzma
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.mysql.big import MEGABYTE, dump
from tests.mysql.dataset import SQL, write_fixtures


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_fixtures(tmp_path / "mysql", "mysql")
    return tmp_path / "mysql"


def test_there_is_a_file_of_every_kind(folder: Path) -> None:
    names = sorted(path.name for path in folder.iterdir())
    assert names == [
        "01-types.sql",
        "02-relations.sql.gz",
        "03-names.sql.bz2",
        "04-programs.sql.xz",
        "05-views.sql.zst",
        "06-blobs.sql",
        "07-more.sh",
        "08-review.csv",
        "09-price list.csv",
        "10-windows.sql",
    ]


def test_what_is_packed_is_what_was_written_by_hand(folder: Path) -> None:
    for name, unpack in {"02*": gzip.decompress, "03*": bz2.decompress, "04*": lzma.decompress}.items():
        (packed,) = folder.glob(name)
        assert unpack(packed.read_bytes()) == (SQL / packed.stem).read_bytes()


def test_it_is_always_the_same_and_the_flavours_differ_in_their_client_only(folder: Path, tmp_path: Path) -> None:
    write_fixtures(tmp_path / "mariadb", "mariadb")
    for path in folder.iterdir():
        content = path.read_bytes()
        if path.suffix == ".sh":
            content = content.replace(b" mysql --user", b" mariadb --user")
        assert (tmp_path / "mariadb" / path.name).read_bytes() == content


def test_pythons_own_reader_agrees_on_the_csv(folder: Path) -> None:
    text = (folder / "08-review.csv").read_bytes().decode()
    rows = {row["id"]: row["said"] for row in csv.DictReader(io.StringIO(text, newline=""))}
    assert rows["1"] == 'He said "no", twice'
    assert rows["2"] == "two\nlines, and a last\n"
    assert rows["6"] == "C:\\new\\0\\"
    assert (rows["3"], rows["5"]) == ("NULL", "NULL") and "NULL,3," in text and '"NULL",5,' in text


@pytest.mark.parametrize("megabytes", [0.1, 3, 21.5])
def test_a_big_dump_is_as_big_as_was_asked(megabytes: float) -> None:
    pieces = list(dump(megabytes))
    assert sum(map(len, pieces)) == pytest.approx(megabytes * MEGABYTE, rel=0.05)
    lines = [len(piece) for piece in pieces if piece.startswith(b"INSERT INTO `line`")]
    assert sum(lines) == pytest.approx(megabytes * MEGABYTE * 0.8, rel=0.05)


def test_ids_of_a_big_dump_count_up() -> None:
    statements = [piece for piece in dump(12) if piece.startswith(b"INSERT INTO `actor`")]
    ids = [int(row.split(b",")[0]) for piece in statements for row in piece.removesuffix(b";\n").split(b"(")[1:]
           if row[:1].isdigit()]  # fmt: skip
    assert ids == list(range(1, len(ids) + 1))


def test_a_big_dump_is_made_fast() -> None:
    begun = time.process_time()
    assert sum(map(len, dump(200))) > 199 * MEGABYTE
    assert 200 / (time.process_time() - begun) > 100, "MB/s"


def test_a_big_dump_is_the_same_in_every_process(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.mysql.big", "5", str(tmp_path / "big.sql")]
    subprocess.run(command, cwd=Path(__file__).parents[3], check=True, timeout=60)
    assert (tmp_path / "big.sql").read_bytes() == b"".join(dump(5))
