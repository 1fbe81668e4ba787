"""Where programs are taken from: folders of PATH that are named in full, never the folder that somebody stands in."""

from __future__ import annotations

import os
from collections.abc import Mapping


def absolute_only(path: str) -> str:
    """PATH without what depends on the current folder: "", ".", "node_modules/.bin"."""
    return os.pathsep.join(folder for folder in path.split(os.pathsep) if folder.startswith("/"))


def find(program: str, environ: Mapping[str, str]) -> str | None:
    """Its path, None where there is none."""
    import shutil

    return shutil.which(program, path=absolute_only(environ.get("PATH", os.defpath)))
