"""Our tar of one file against the standard library's."""

from __future__ import annotations

import io
import tarfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dfdev.core.desired import File
from dfdev.engine import tar
from dfdev.engine.files import archive

NAMES = st.text(st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1, max_size=25)


@given(NAMES, st.binary(max_size=2000), st.integers(0, 0o7777), st.integers(0, 2**32 - 2), st.integers(0, 2**32 - 2))
def test_packed_is_what_tarfile_reads(name: str, data: bytes, mode: int, uid: int, gid: int) -> None:
    with tarfile.open(fileobj=io.BytesIO(tar.pack(name, data, mode=mode, uid=uid, gid=gid))) as read:
        (entry,) = read.getmembers()
        content = read.extractfile(entry)
        assert content is not None
        assert content.read() == data
    assert (entry.name, entry.mode, entry.uid, entry.gid, entry.isreg()) == (name, mode, uid, gid, True)


@given(st.binary(max_size=3000), st.sampled_from([tarfile.PAX_FORMAT, tarfile.GNU_FORMAT]), st.integers(1, 300))
def test_unpacked_is_what_tarfile_writes(data: bytes, form: int, length: int) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=form) as written:
        entry = tarfile.TarInfo("ä" * length)
        entry.size, entry.mtime = len(data), 1.5
        written.addfile(entry, io.BytesIO(data))
    assert tar.unpack(buffer.getvalue()) == data


@pytest.mark.parametrize("kind", [tarfile.DIRTYPE, tarfile.SYMTYPE, tarfile.FIFOTYPE])
def test_something_else_is_no_file(kind: bytes) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as written:
        entry = tarfile.TarInfo("x")
        entry.type = kind
        written.addfile(entry)
        written.addfile(tarfile.TarInfo("file"))
    assert tar.unpack(buffer.getvalue()) is None


def test_an_empty_archive_holds_no_file() -> None:
    assert tar.unpack(b"") is None
    assert tar.unpack(bytes(10240)) is None


def test_a_name_that_does_not_fit() -> None:
    for name in ("x" * 101, "a/b"):
        with pytest.raises(ValueError, match="does not fit"):
            tar.pack(name, b"", mode=0o644, uid=0, gid=0)


def test_several_files_keep_path_mode_and_owner() -> None:
    packed = archive((File("/etc/a", b"1", 0o600, 5, 6), File("/opt/deep/b", b"22")))
    with tarfile.open(fileobj=io.BytesIO(packed)) as read:
        found = [(e.name, e.size, e.mode, e.uid, e.gid) for e in read.getmembers()]
    assert found == [("etc/a", 1, 0o600, 5, 6), ("opt/deep/b", 2, 0o644, 0, 0)]
