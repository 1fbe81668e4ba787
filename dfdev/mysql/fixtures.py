"""What is baked into the image: the files of the fixtures' folder, in the order of their names."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from dfdev.core.frozen import dataclass
from dfdev.core.hashing import add
from dfdev.errors import DfdevError
from dfdev.mysql.formats import plain_name
from dfdev.mysql.mysqlsh import dump_files, is_dump
from dfdev.workspace.gate import FILE, Gate
from dfdev.workspace.regular import is_regular

Kind = Literal["sql", "sh", "csv", "mysqlsh"]
_KINDS: dict[str, Kind] = {".sql": "sql", ".sh": "sh", ".csv": "csv"}
FORMATS = "*.sql, *.csv (each also .gz, .bz2, .xz, .zst), *.sh, and folders that mysqlsh dumped"


@dataclass(frozen=True)
class Fixture:
    """`size` in bytes, as it lies on the disk."""

    path: Path
    kind: Kind
    size: int

    @property
    def table(self) -> str:
        """The table of a CSV: its name without the number that orders the files, "03-dramas.csv" -> "dramas"."""
        stem = plain_name(self.path).removesuffix(".csv")
        return stem.lstrip("0123456789").lstrip("-_. ") or stem


def fixture_at(path: Path) -> Fixture | None:
    """None: a file of another kind."""
    if path.is_dir():
        return Fixture(path, "mysqlsh", sum(p.stat().st_size for p in dump_files(path))) if is_dump(path) else None
    kind = _KINDS.get(Path(plain_name(path)).suffix)
    if kind == "sh" and path.suffix != ".sh":
        return None
    return None if kind is None else Fixture(path, kind, path.stat().st_size)


def fixtures_in(folder: Path) -> list[Fixture]:
    """DfdevError: there is no such folder, or nothing in it."""
    try:
        paths = sorted(folder.iterdir())
    except OSError as error:
        raise DfdevError(
            f"cannot read the fixtures' folder {folder}: {error.strerror}", "`fixtures` under [mysql] names it"
        ) from error
    found = [fixture for path in paths if (fixture := fixture_at(path)) is not None]
    if not found:
        raise DfdevError(f"there is nothing to bake in {folder}", f"put files into it: {FORMATS}")
    return found


def must_lie_inside(gate: Gate, fixtures: Sequence[Fixture]) -> None:
    """WorkspaceError: a file is a link that leads outside DFHOME. DfdevError: it is a pipe or a device."""
    for fixture in fixtures:
        for path in dump_files(fixture.path) if fixture.kind == "mysqlsh" else [fixture.path]:
            if not is_regular(gate.inside("mysql.fixtures", path, FILE)):
                raise DfdevError(f"{path} is not a regular file", "take it out of the fixtures' folder")


def digest(fixtures: Sequence[Fixture], *others: str) -> str:
    """SHA-256 over names and contents, and over what else decides what comes out."""
    whole = hashlib.sha256()
    for text in others:
        add(whole, text.encode())
    for fixture in fixtures:
        for path in dump_files(fixture.path) if fixture.kind == "mysqlsh" else [fixture.path]:
            with path.open("rb") as stream:
                contents = hashlib.file_digest(stream, "sha256").digest()
            add(whole, path.relative_to(fixture.path.parent).as_posix().encode(), contents)
    return whole.hexdigest()
