"""Files of data as people have them: what is inside is told by its first bytes, and unpacked; names decide nothing."""

from __future__ import annotations

import codecs
import importlib
import io
import lzma
import re
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Protocol, cast

from dfdev.core.frozen import dataclass
from dfdev.errors import DfdevError

ZSTD = "compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd"
"""The module's name: since 3.14 it is a part of Python."""
MODULES = {".gz": "gzip", ".bz2": "bz2", ".xz": "lzma", ".zst": ZSTD}
SUFFIXES = tuple(MODULES)
_PIECE = 1 << 18
_HEAD = 512
_DEEPEST = 3
"""Packings inside one another: a web server packs what was packed already."""
_MAGIC = {b"\x1f\x8b": ".gz", b"BZh": ".bz2", b"\xfd7zXZ\0": ".xz", b"\x28\xb5\x2f\xfd": ".zst"}
_WIDE = {codecs.BOM_UTF32_LE: "utf-32", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
"""The longer ones first: the mark of UTF-16 begins that of UTF-32."""
_TAR = (b"ustar", 257)
_NOT_ANOTHER = re.compile(r"Not a gzipped file")
"""What Python says of bytes behind a stream; a stream that is cut off, or whose sum is wrong, has other words."""
_BINARY = re.compile(rb"[\0-\x08\x0e-\x19]")


@dataclass(frozen=True)
class Foreign:
    """What dfdev does not unpack. `do`: what to type, with {} for the file's name."""

    what: str
    do: str


_ARCHIVE = Foreign("a tar archive", "`tar -xf {}`, and take the file of SQL or CSV that comes out")
_FOREIGN = {
    b"PK\x03\x04": Foreign("a zip archive", "`unzip {}`, and take the file of SQL or CSV that comes out"),
    b"\x04\x22\x4d\x18": Foreign("packed by lz4", "`lz4 -d {}`, and take what comes out"),
    b"7z\xbc\xaf\x27\x1c": Foreign("a 7-Zip archive", "`7z x {}`, and take the file of SQL or CSV that comes out"),
    b"Rar!\x1a\x07": Foreign("a RAR archive", "`unrar x {}`, and take the file of SQL or CSV that comes out"),
    b"\x1f\x9d": Foreign("packed by compress", "`uncompress {}`, and take what comes out"),
    b"SQLite format 3\0": Foreign("a database of SQLite", "`sqlite3 {} .dump` writes it as SQL, of SQLite's kind"),
    b"PGDMP": Foreign("a dump of PostgreSQL", "`pg_restore -f - {}` writes it as SQL, of PostgreSQL's kind"),
    b"version https://git-lfs": Foreign("a pointer of Git LFS, not the file itself", "`git lfs pull`"),
    b"-----BEGIN PGP MESSAGE": Foreign("encrypted", "`gpg -d {}`, and take what comes out"),
    b"\0\5\x16\7": Foreign("what macOS keeps beside a file, not the file itself", "take the one without `._`"),
    b"<!DOCTYPE html": Foreign("a web page", "fetch the file again: this is what the server said instead"),
    b"<!doctype html": Foreign("a web page", "fetch the file again: this is what the server said instead"),
    b"<html": Foreign("a web page", "fetch the file again: this is what the server said instead"),
}  # fmt: skip


class Stream(Protocol):
    """What can be looked at before it is read."""

    def peek(self, size: int = ..., /) -> bytes: ...
    def read(self, size: int = ..., /) -> bytes: ...
    def read1(self, size: int = ..., /) -> bytes: ...


class Reading:
    """One file. `total`: its size as it lies on the disk; `done`: how much of that has been read; `trailing`: bytes
    that are no part of it stand behind what was packed.
    """

    def __init__(self, path: Path, raw: io.FileIO) -> None:
        self.path = path
        self.total = path.stat().st_size
        self.trailing = False
        self._raw = raw
        self._buffered = io.BufferedReader(raw, _PIECE)

    @property
    def done(self) -> int:
        return self.total if self._raw.closed else self._raw.tell()

    def pieces(self) -> Iterator[bytes]:
        """Its contents, unpacked, UTF-16 as UTF-8. DfdevError: it cannot be read, is damaged, or of a foreign kind."""
        with _told(self.path):
            stream = _unpacked(self.path, self._buffered)
            wide = _wide(stream.peek(_HEAD))
            pieces = self._read(stream)
            yield from _as_utf8(pieces, wide) if wide else pieces

    def _read(self, stream: Stream) -> Iterator[bytes]:
        """As gunzip does, which leaves what stands behind the last stream of a file alone."""
        count = 0
        try:
            while piece := stream.read(_PIECE):
                count += len(piece)
                yield piece
        except OSError as error:
            if not _NOT_ANOTHER.match(str(error)):
                raise
            self.trailing = True
        if self.trailing:
            yield from self._from(count)

    def _from(self, count: int) -> Iterator[bytes]:
        """What a read took that failed in the end: once more, in steps of which the last one alone fails."""
        self._buffered.seek(0)
        stream = _unpacked(self.path, self._buffered)
        with suppress(OSError):
            while piece := stream.read1(_PIECE):
                if count < len(piece):
                    yield piece[count:]
                count = max(0, count - len(piece))


def plain_name(path: Path) -> str:
    """Without the suffix of a compression."""
    return path.stem if path.suffix.lower() in SUFFIXES else path.name


@contextmanager
def opened(path: Path) -> Iterator[Reading]:
    """DfdevError."""
    with _told(path), path.open("rb", buffering=0) as raw:
        yield Reading(path, raw)


def _unpacked(path: Path, stream: Stream) -> Stream:
    """DfdevError: what dfdev cannot unpack."""
    packing: str | None = None
    for _ in range(_DEEPEST):
        head = stream.peek(_HEAD)
        found = next((suffix for magic, suffix in _MAGIC.items() if head.startswith(magic)), None)
        if found is None:
            break
        packing = found
        stream = cast(Stream, importlib.import_module(MODULES[found]).open(cast(IO[bytes], stream), "rb"))
    head = stream.peek(_HEAD)
    foreign = _foreign(head)
    if foreign:
        raise DfdevError(f"{path} is {foreign.what}", foreign.do.format(path.name))
    if path.suffix.lower() in SUFFIXES and packing is None and _BINARY.search(head) and not _wide(head):
        raise _damaged(path, f"it neither begins as {path.suffix} nor as a text")
    return stream


def _foreign(head: bytes) -> Foreign | None:
    magic, at = _TAR
    if head.startswith(magic, at):
        return _ARCHIVE
    return next((foreign for begin, foreign in _FOREIGN.items() if head.startswith(begin)), None)


def _wide(head: bytes) -> str:
    return next((name for mark, name in _WIDE.items() if head.startswith(mark)), "")


def _as_utf8(pieces: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """What Windows' shell makes of a dump that is sent into a file."""
    decoder = codecs.getincrementaldecoder(encoding)()
    for piece in pieces:
        yield decoder.decode(piece).encode()
    decoder.decode(b"", final=True)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """EOFError and its like: what a download that broke off leaves."""
    try:
        yield
    except (EOFError, zlib.error, lzma.LZMAError, UnicodeError) as error:
        raise _damaged(path, str(error)) from error
    except OSError as error:
        if error.errno is None:
            raise _damaged(path, str(error)) from error
        raise DfdevError(f"cannot read {path}: {error.strerror}", "check its name and who may read it") from error
    except Exception as error:
        if type(error).__name__ == "ZstdError":
            raise _damaged(path, str(error)) from error
        raise


def _damaged(path: Path, why: str) -> DfdevError:
    return DfdevError(f"{path} is damaged: {why}", "fetch or make the file again")
