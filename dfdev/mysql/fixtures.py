"""What is baked into the image: the files of the fixtures' folder, in the order of their names."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Literal

from dfdev.core.frozen import dataclass
from dfdev.core.hashing import add
from dfdev.errors import DfdevError
from dfdev.mysql.formats import SUFFIXES, plain_name
from dfdev.mysql.mysqlsh import dump_files, is_dump
from dfdev.mysql.sql_file import sources_of
from dfdev.workspace.gate import FILE, Gate
from dfdev.workspace.regular import is_regular

Kind = Literal["sql", "sh", "csv", "mysqlsh"]
_KINDS: dict[str, Kind] = {".sql": "sql", ".mysql": "sql", ".sh": "sh", ".csv": "csv"}
FORMATS = "*.sql, *.csv (each also .gz, .bz2, .xz, .zst), *.sh, and folders that mysqlsh dumped"
_ORDER = re.compile(r"\d+[-_. ]+(?=.)")
_NO_NAMES = re.compile(r"\..*|.*~|#.*#|.*\.(bak|orig|rej|tmp|sw[a-z]|part|save)|thumbs\.db|desktop\.ini|icon\r", re.I)
"""What editors, merges, downloads, macOS and Windows leave beside the files of people."""
_PROSE = frozenset({".md", ".txt", ".rst"})
_LIKE_ONE = re.compile(
    r"\.(sql|csv|mysql|dump|ddl|gz|bz2|xz|zst|lz4|lzma|br|z|zip|7z|rar|tar|tgz|tbz2?|txz)(\.|$)", re.I
)


@dataclass(frozen=True)
class Fixture:
    """`size` in bytes, as it lies on the disk; `sources`: other files that it loads."""

    path: Path
    kind: Kind
    size: int
    sources: tuple[Path, ...] = ()

    @property
    def table(self) -> str:
        """The table of a CSV: its name without the number that orders the files, "03-dramas.csv" -> "dramas"."""
        return _ORDER.sub("", Path(plain_name(self.path)).stem, count=1)


def fixture_at(path: Path) -> Fixture | None:
    """None: a file of another kind. DfdevError: a link that leads to nothing, or what is no file at all."""
    if path.is_dir():
        return Fixture(path, "mysqlsh", sum(p.stat().st_size for p in dump_files(path))) if is_dump(path) else None
    kind = _KINDS.get(Path(plain_name(path)).suffix.lower())
    if kind is None or (kind == "sh" and path.suffix.lower() != ".sh"):
        return None
    if path.is_symlink() and not path.exists():
        raise DfdevError(f"{path} is a link to {path.readlink()}, which is not there", "mend it, or remove it")
    size = path.stat().st_size
    if not path.is_file():
        raise DfdevError(
            f"{path} is not a regular file", "a pipe or a device is not loaded: write it into a file first"
        )
    return Fixture(path, kind, size)


def fixtures_in(folder: Path) -> list[Fixture]:
    """DfdevError: there is no such folder, or nothing in it."""
    found = [fixture for path in _named(folder) if (fixture := fixture_at(path)) is not None]
    if not found:
        others = passed_over(folder, ())
        but = f"; {', '.join(others)} {'is' if len(others) == 1 else 'are'} of another kind" if others else ""
        raise DfdevError(f"there is nothing to bake in {folder}{but}", f"put files into it: {FORMATS}")
    return found


def with_sources(found: Sequence[Fixture], folder: Path) -> list[Fixture]:
    """Those that another one sources come with it alone. DfdevError: one that may not be sourced, or is not there.

    Packed files are looked through only where there is something that they could load: it takes a while.
    """
    others = set(_named(folder)) - {fixture.path for fixture in found}
    anything = any(path.is_dir() or path.suffix.lower() not in _PROSE for path in others)
    loading = [
        replace(fixture, sources=sources_of(fixture.path))
        if fixture.kind == "sql" and (anything or fixture.path.suffix.lower() not in SUFFIXES)
        else fixture
        for fixture in found
    ]
    sourced = {path for fixture in loading for path in fixture.sources}
    return [fixture for fixture in loading if fixture.path.resolve() not in sourced]


def passed_over(folder: Path, taken: Iterable[Path]) -> list[str]:
    """Names of what looks like a fixture and is none. `taken`: what is loaded, as a fixture or by one."""
    real = {part for path in taken for part in (path.resolve(), *path.resolve().parents)}
    others = [path for path in _named(folder) if path.resolve() not in real]
    return [f"{path.name}/" if path.is_dir() else path.name for path in others if _looks_like_one(path)]


def _named(folder: Path) -> list[Path]:
    """Sorted, without what nobody meant to put there."""
    try:
        return sorted(path for path in folder.iterdir() if not _NO_NAMES.fullmatch(path.name))
    except OSError as error:
        raise DfdevError(
            f"cannot read the fixtures' folder {folder}: {error.strerror}", "`fixtures` under [mysql] names it"
        ) from error


def _looks_like_one(path: Path) -> bool:
    """A folder does where there are such files in it."""
    if path.is_dir():
        with suppress(OSError):
            return not is_dump(path) and any(_LIKE_ONE.search(below.name) for below in path.iterdir())
        return False
    return bool(_LIKE_ONE.search(path.name))


def must_lie_inside(gate: Gate, fixtures: Sequence[Fixture]) -> None:
    """WorkspaceError: a file is a link that leads outside DFHOME. DfdevError: it is a pipe or a device."""
    for fixture in fixtures:
        for path in dump_files(fixture.path) if fixture.kind == "mysqlsh" else [fixture.path]:
            if not is_regular(gate.inside("mysql.fixtures", path, FILE)):
                raise DfdevError(f"{path} is not a regular file", "take it out of the fixtures' folder")


def digest(fixtures: Sequence[Fixture], *others: str) -> str:
    """SHA-256 over names and contents, sourced files too, and over what else decides what comes out."""
    whole = hashlib.sha256()
    for text in others:
        add(whole, text.encode())
    for fixture in fixtures:
        folder = fixture.path.parent
        for path in dump_files(fixture.path) if fixture.kind == "mysqlsh" else [fixture.path]:
            add(whole, path.relative_to(folder).as_posix().encode(), _digest(path))
        for path in fixture.sources:
            add(whole, path.relative_to(folder.resolve()).as_posix().encode(), _digest(path))
    return whole.hexdigest()


def _digest(path: Path) -> bytes:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").digest()
