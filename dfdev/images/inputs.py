"""What an image was made from, as one hash: equal hashes mean that nothing needs to be built."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from dfdev.core.hashing import add

LABEL = "dev.dfdev.inputs"


def folder_digest(folder: Path, *extra: bytes) -> str:
    """SHA-256 over the names, executable bits and contents of the files below `folder`, and over `extra`."""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        mode = b"x" if os.access(path, os.X_OK) else b"-"
        add(digest, path.relative_to(folder).as_posix().encode(), mode, path.read_bytes())
    add(digest, *extra)
    return digest.hexdigest()


def with_base(digest: str, base_id: str, args: Mapping[str, str] = MappingProxyType({})) -> str:
    """The inputs of an image on a certain base image, made with these build arguments."""
    lines = [digest, base_id, *(f"{name}={value}" for name, value in sorted(args.items()))]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
