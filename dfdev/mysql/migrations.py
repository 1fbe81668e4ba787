"""The migrations in the code: fixtures that were baked before the newest of them are old."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from fnmatch import fnmatch
from pathlib import Path

from dfdev.stack.site import Site

_PASSED_OVER = frozenset({"node_modules", "bower_components", "__pycache__", "site-packages", "venv", "run"})
_DEEPEST = 8


def migrations_of(site: Site) -> tuple[str, ...]:
    """Relative to DFHOME, sorted: the files in the services' code folders that fit `migrations` under [mysql]."""
    config, home = site.workspace.config, site.workspace.home
    if config.mysql is None or not config.mysql.migrations:
        return ()
    code = (m.source for found in site.workspace.mounts.values() for m in found if m.role == "code")
    folders = {Path(source) for source in code if site.gate.permits(source)}
    return found_in(home, sorted(folders), config.mysql.migrations)


def found_in(home: Path, folders: Sequence[Path], patterns: Sequence[str]) -> tuple[str, ...]:
    """Hidden folders, and those where other people's code lies, are passed over."""
    found: set[str] = set()
    for folder in folders:
        base = os.path.relpath(folder, home)
        for below in _files(folder, "", 0):
            if any(fits(below, pattern) for pattern in patterns):
                found.add(os.path.normpath(f"{base}/{below}"))
    return tuple(sorted(found))


def fits(path: str, pattern: str) -> bool:
    """`**/` is any number of folders, none included."""
    return fnmatch(path, pattern) or (pattern.startswith("**/") and fnmatch(path, pattern[3:]))


def _files(folder: str | Path, prefix: str, depth: int) -> Iterator[str]:
    """Their paths below the first folder, put together on the way: `relpath` for each is ten times the walk."""
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            if depth < _DEEPEST and not entry.name.startswith(".") and entry.name not in _PASSED_OVER:
                yield from _files(entry.path, f"{prefix}{entry.name}/", depth + 1)
        else:
            yield prefix + entry.name
