"""Files of data as people have them: plain or compressed, and how far they have been read."""

from __future__ import annotations

import importlib
import io
import lzma
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from dfdev.errors import DfdevError

SUFFIXES = (".gz", ".bz2", ".xz", ".zst")
_PIECE = 1 << 18
ZSTD = "compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd"
"""The module's name: since 3.14 it is a part of Python."""
MODULES = {".gz": "gzip", ".bz2": "bz2", ".xz": "lzma", ".zst": ZSTD}


class Reading:
    """One file. `total`: its size as it lies on the disk; `done`: how much of that has been read."""

    def __init__(self, path: Path, raw: io.FileIO, unpacked: IO[bytes]) -> None:
        self.path = path
        self.total = path.stat().st_size
        self._raw = raw
        self._unpacked = unpacked

    @property
    def done(self) -> int:
        return self._raw.tell()

    def pieces(self) -> Iterator[bytes]:
        """Its contents, unpacked. DfdevError: it cannot be read, or is damaged."""
        with _told(self.path):
            while piece := self._unpacked.read(_PIECE):
                yield piece


def plain_name(path: Path) -> str:
    """Without the suffix of a compression."""
    return path.stem if path.suffix in SUFFIXES else path.name


@contextmanager
def opened(path: Path) -> Iterator[Reading]:
    """DfdevError."""
    with _told(path), path.open("rb", buffering=0) as raw:
        yield Reading(path, raw, _unpacked(path, raw))


def _unpacked(path: Path, raw: io.FileIO) -> IO[bytes]:
    if path.suffix not in MODULES:
        return raw
    return cast(IO[bytes], importlib.import_module(MODULES[path.suffix]).open(raw, "rb"))


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """EOFError and its like: what a download that broke off leaves."""
    try:
        yield
    except (EOFError, zlib.error, lzma.LZMAError) as error:
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
    return DfdevError(f"{path} is damaged, or not what its name says: {why}", "fetch or make the file again")
