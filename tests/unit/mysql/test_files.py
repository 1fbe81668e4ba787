"""Files of fixtures: which, in which order, unpacked, and what they hash to."""

from __future__ import annotations

import bz2
import gzip
import lzma
from collections.abc import Callable
from pathlib import Path

import pytest

from dfdev.errors import DfdevError
from dfdev.mysql.fixtures import digest, fixture_at, fixtures_in
from dfdev.mysql.formats import opened, plain_name
from tests.mysql.dataset import zstd

TEXT = b"INSERT INTO drama VALUES (1, 'Antigone');\n" * 20_000


PACKED: list[tuple[str, Callable[[bytes], bytes]]] = [
    ("", bytes),
    (".gz", gzip.compress),
    (".bz2", bz2.compress),
    (".xz", lzma.compress),
    (".zst", zstd().compress),
]


@pytest.mark.parametrize(("suffix", "pack"), PACKED)
def test_every_format_is_unpacked_and_tells_how_far_it_is(
    tmp_path: Path, suffix: str, pack: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / f"01.sql{suffix}"
    path.write_bytes(pack(TEXT))
    with opened(path) as reading:
        assert reading.done == 0
        assert b"".join(reading.pieces()) == TEXT
        assert reading.done == reading.total == path.stat().st_size


@pytest.mark.parametrize(("suffix", "pack"), PACKED[1:])
def test_a_file_that_broke_off_is_an_error_not_an_end(
    tmp_path: Path, suffix: str, pack: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / f"01.sql{suffix}"
    whole = pack(TEXT)
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DfdevError, match="damaged"), opened(path) as reading:
        list(reading.pieces())


@pytest.mark.parametrize("suffix", [".gz", ".bz2", ".xz", ".zst"])
def test_a_file_of_another_kind_than_its_name_says(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"01.sql{suffix}"
    path.write_bytes(TEXT)
    with pytest.raises(DfdevError, match="damaged, or not what its name says"), opened(path) as reading:
        list(reading.pieces())


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(DfdevError, match="No such file"), opened(tmp_path / "none.sql"):
        pass


@pytest.mark.parametrize(
    ("name", "kind", "table"),
    [
        ("01-schema.sql", "sql", ""),
        ("02.sql.zst", "sql", ""),
        ("03-dramas.csv", "csv", "dramas"),
        ("dramas.csv.gz", "csv", "dramas"),
        ("4_play.bills.csv", "csv", "play.bills"),
        ("2024.csv", "csv", "2024"),
        ("05-finish.sh", "sh", ""),
    ],
)
def test_kinds(tmp_path: Path, name: str, kind: str, table: str) -> None:
    (tmp_path / name).touch()
    found = fixture_at(tmp_path / name)
    assert found is not None
    assert found.kind == kind
    assert not table or found.table == table


@pytest.mark.parametrize("name", ["README.md", "x.sh.gz", "dump.tar", ".gitkeep", "x.sql.bak"])
def test_other_files_are_no_fixtures(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    assert fixture_at(tmp_path / name) is None


def test_they_come_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in ("10-b.sql", "02-a.csv", "README.md", "01-z.sql.gz"):
        (tmp_path / name).touch()
    (tmp_path / "03-folder.sql").mkdir()
    assert [f.path.name for f in fixtures_in(tmp_path)] == ["01-z.sql.gz", "02-a.csv", "10-b.sql"]


@pytest.mark.parametrize("made", [True, False])
def test_a_folder_without_any(tmp_path: Path, made: bool) -> None:
    folder = tmp_path / "fixtures"
    if made:
        folder.mkdir()
    with pytest.raises(DfdevError, match="nothing to bake" if made else "cannot read"):
        fixtures_in(folder)


def test_a_digest_is_of_names_contents_and_all_else(tmp_path: Path) -> None:
    def of(*others: str, **files: str) -> str:
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        folder.mkdir()
        for name, text in files.items():
            (folder / f"{name}.sql").write_text(text)
        return digest(fixtures_in(folder), *others)

    first = of("base", a="1", b="2")
    assert first == of("base", b="2", a="1")
    others = [of("other", a="1", b="2"), of("base", a="1", b="3"), of("base", a="12", b=""), of("base", a="1", c="2")]
    assert len({first, *others}) == 5


def test_plain_names() -> None:
    assert [plain_name(Path(n)) for n in ("a.sql", "a.sql.gz", "a.csv.zst")] == ["a.sql", "a.sql", "a.csv"]
