"""What a build has made: the files of the output folder, as one hash that two places can compare."""

from __future__ import annotations

import hashlib
from pathlib import Path

from dfdev.core.frozen import dataclass
from dfdev.core.hashing import add
from dfdev.errors import DfdevError
from dfdev.workspace.gate import Gate

_LARGEST = 1 << 30


@dataclass(frozen=True)
class Assets:
    """`files`: how many; `size`: bytes of all; `digest`: SHA-256 over names and contents."""

    files: int
    size: int
    digest: str


def assets_in(gate: Gate, folder: Path) -> Assets:
    """DfdevError: there is nothing; WorkspaceError: a file is a link to outside."""
    paths = sorted(p for p in folder.rglob("*") if p.is_file()) if folder.is_dir() else []
    if not paths:
        raise DfdevError(
            f"the build made nothing in {folder}", "`output` under [frontend] names the folder that it writes to"
        )
    whole = hashlib.sha256()
    size = 0
    for path in paths:
        content = gate.read("frontend.output", path, _LARGEST)
        size += len(content)
        add(whole, path.relative_to(folder).as_posix().encode(), content)
    return Assets(len(paths), size, whole.hexdigest())
