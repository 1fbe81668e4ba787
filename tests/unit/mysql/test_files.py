"""Files of fixtures: which, in which order, unpacked, and what they hash to."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from dfdev.errors import DfdevError, UsageError
from dfdev.mysql.export import target
from dfdev.mysql.fixtures import digest, fixture_at, fixtures_in, passed_over
from dfdev.mysql.formats import opened, plain_name
from dfdev.mysql.load import without_blank_end
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


@pytest.mark.parametrize("text", [TEXT, b"DROP TABLE x;\n"])
@pytest.mark.parametrize("behind", [b"trailing bytes\n", b"\x1f\x9e" * 9])
def test_bytes_behind_a_gzip_stream_are_left_alone_and_that_is_told(tmp_path: Path, text: bytes, behind: bytes) -> None:
    path = tmp_path / "01.sql.gz"
    path.write_bytes(gzip.compress(text) + gzip.compress(text) + behind)
    with opened(path) as reading:
        assert b"".join(reading.pieces()) == text * 2
        assert reading.trailing
    path.write_bytes(gzip.compress(text))
    with opened(path) as reading:
        assert b"".join(reading.pieces()) == text
        assert not reading.trailing


@pytest.mark.parametrize(("_suffix", "pack"), PACKED)
@pytest.mark.parametrize("suffix", ["", ".gz", ".bz2", ".xz", ".ZST"])
def test_the_first_bytes_tell_what_is_inside_and_not_the_name(
    tmp_path: Path, suffix: str, _suffix: str, pack: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / f"01.sql{suffix}"
    path.write_bytes(pack(TEXT))
    assert contents(path) == TEXT


@pytest.mark.parametrize("pack", [pack for _, pack in PACKED])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-32"])
def test_utf_16_is_told_by_its_mark(tmp_path: Path, pack: Callable[[bytes], bytes], encoding: str) -> None:
    text = "\ufeffINSERT INTO drama VALUES (1, 'Вишнёвый сад 🎭');\n" * 9999
    path = tmp_path / "01.sql"
    path.write_bytes(pack(text.removeprefix("\ufeff" if encoding in ("utf-16", "utf-32") else "").encode(encoding)))
    assert contents(path).decode("utf-8-sig") == text.removeprefix("\ufeff")


def test_utf_16_that_broke_off_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "01.sql").write_bytes("DROP TABLE x;".encode("utf-16")[:-1])
    with pytest.raises(DfdevError, match="damaged"):
        contents(tmp_path / "01.sql")


def test_what_was_packed_twice(tmp_path: Path) -> None:
    (tmp_path / "01.sql.gz").write_bytes(gzip.compress(bz2.compress(TEXT)))
    assert contents(tmp_path / "01.sql.gz") == TEXT


@pytest.mark.parametrize("suffix", [".gz", ".bz2", ".xz", ".zst"])
def test_what_is_neither_packed_nor_text(tmp_path: Path, suffix: str) -> None:
    (tmp_path / f"01.sql{suffix}").write_bytes(b"\x01\x02\0" * 99)
    with pytest.raises(DfdevError, match="damaged: it neither begins as"):
        contents(tmp_path / f"01.sql{suffix}")


def zipped() -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as archive:
        archive.writestr("01.sql", TEXT)
    return into.getvalue()


def tarred() -> bytes:
    into = io.BytesIO()
    with tarfile.open(fileobj=into, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("01.sql"))
    return into.getvalue()


@pytest.mark.parametrize(
    ("data", "said", "do"),
    [
        (zipped(), "a zip archive", "unzip 01.sql.gz"),
        (tarred(), "a tar archive", "tar -xf 01.sql.gz"),
        (gzip.compress(tarred()), "a tar archive", "tar -xf 01.sql.gz"),
        (b"\x04\x22\x4d\x18....", "packed by lz4", "lz4 -d 01.sql.gz"),
        (b"version https://git-lfs.github.com/spec/v1\noid", "a pointer of Git LFS", "git lfs pull"),
        (b"<!DOCTYPE html>\n<title>Sign in</title>", "a web page", "fetch the file again"),
        (b"PGDMP\x01\x0e", "a dump of PostgreSQL", "pg_restore"),
        (b"\0\5\x16\7\0\2", "what macOS keeps", "without `._`"),
    ],
)
def test_what_is_not_unpacked_is_told_with_what_to_type(tmp_path: Path, data: bytes, said: str, do: str) -> None:
    path = tmp_path / "01.sql.gz"
    path.write_bytes(data)
    with pytest.raises(DfdevError) as caught:
        contents(path)
    assert caught.value.message.startswith(f"{path} is {said}")
    assert do in caught.value.hint


def contents(path: Path) -> bytes:
    with opened(path) as reading:
        return b"".join(reading.pieces())


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
        ("2fa_tokens.csv", "csv", "2fa_tokens"),
        ("01-2fa_tokens.csv", "csv", "2fa_tokens"),
        ("03.csv", "csv", "03"),
        ("02-Dramas.CSV.GZ", "csv", "Dramas"),
        ("02-DATA.SQL", "sql", ""),
        ("dump.mysql.gz", "sql", ""),
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


JUNK = [".a.sql", "._a.sql", ".DS_Store", "a.sql~", "#a.sql#", ".a.sql.swp", "a.sql.bak", "a.sql.orig", "a.sql.rej",
        "a.csv.tmp", "Thumbs.db", "desktop.ini", ".gitkeep"]  # fmt: skip


def test_what_editors_and_computers_leave_is_none_and_is_not_told(tmp_path: Path) -> None:
    for name in [*JUNK, "a.sql", "README.md"]:
        (tmp_path / name).write_text("DROP TABLE x;")
    (tmp_path / ".#a.sql").symlink_to("me@here.4711:1700000000")
    assert [f.path.name for f in fixtures_in(tmp_path)] == ["a.sql"]
    assert passed_over(tmp_path, [tmp_path / "a.sql"]) == []


def test_what_looks_like_one_and_is_none_is_named(tmp_path: Path) -> None:
    for name in ("01.sql", "02.sql.lz4", "all.zip", "b.sql.txt", "load.dump", "LICENSE"):
        (tmp_path / name).touch()
    for name in ("more/03.sql", "pictures/04.png"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).touch()
    taken = [fixture.path for fixture in fixtures_in(tmp_path)]
    assert passed_over(tmp_path, taken) == ["02.sql.lz4", "all.zip", "b.sql.txt", "load.dump", "more/"]
    assert "load.dump" not in passed_over(tmp_path, [*taken, tmp_path / "load.dump"])
    (tmp_path / "01.sql").unlink()
    with pytest.raises(DfdevError, match=r"02\.sql\.lz4, all\.zip, b\.sql\.txt, load\.dump, more/ are of another kind"):
        fixtures_in(tmp_path)


def test_a_link_to_nothing_and_what_is_no_file(tmp_path: Path) -> None:
    link, pipe = tmp_path / "01.sql", tmp_path / "02.sql"
    link.symlink_to("gone.sql")
    os.mkfifo(pipe)
    for path, said in ((link, "a link to gone.sql, which is not there"), (pipe, "not a regular file")):
        with pytest.raises(DfdevError, match=f"{path} is {said}"):
            fixture_at(path)


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


@pytest.mark.parametrize("size", [1, 3, 99])
@pytest.mark.parametrize(
    ("text", "ending", "told"),
    [
        ("a,b\n1,2\n\n\n", "\n", "a,b\n1,2\n"),
        ('a,b\r\n1,"\r\n"\r\n\r\n', "\r\n", 'a,b\r\n1,"\r\n"\r\n'),
        ("a,b\n\n1,2", "\n", "a,b\n\n1,2\n"),
    ],
)
def test_blank_lines_at_the_end_of_a_csv_are_no_rows(text: str, ending: str, told: str, size: int) -> None:
    data = text.encode()
    pieces = [data[begin : begin + size] for begin in range(0, len(data), size)]
    assert b"".join(without_blank_end(pieces, ending)) == told.encode()


def test_plain_names() -> None:
    names = ("a.sql", "a.sql.gz", "a.csv.zst", "B.SQL.GZ")
    assert [plain_name(Path(n)) for n in names] == ["a.sql", "a.sql", "a.csv", "B.SQL"]


@pytest.mark.parametrize("name", ["a.sql.gz", "A.SQL.GZ", "a.Gz"])
def test_an_export_is_packed_as_its_name_says(tmp_path: Path, name: str) -> None:
    with target(tmp_path / name) as take:
        take(TEXT)
    assert gzip.decompress((tmp_path / name).read_bytes()) == TEXT


@pytest.mark.parametrize("name", ["a.sql.zip", "a.SQL.ZIP", "a.tar.gz", "a.sql.lz4", "a.7z"])
def test_an_export_is_not_called_what_it_is_not(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError) as caught, target(tmp_path / name):
        pass
    assert "cannot be written" in caught.value.message
    assert f"dfdev mysql export {tmp_path / 'a.sql.gz'}" in caught.value.hint
    assert not list(tmp_path.iterdir())
