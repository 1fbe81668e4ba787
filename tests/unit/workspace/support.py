"""Writing a DFHOME and loading it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from dfdev.workspace.load import load
from dfdev.workspace.problem import Problem, WorkspaceError
from dfdev.workspace.workspace import Workspace

WWW = '[services.www]\nimage = "www:dev"\n'


def write(home: Path, toml: str, **files: str) -> Path:
    """`files`: env, env_local, local_toml -> .env, .env.local, dfdev.local.toml."""
    home.mkdir(parents=True, exist_ok=True)
    names = {"env": ".env", "env_local": ".env.local", "local_toml": "dfdev.local.toml"}
    (home / "dfdev.toml").write_text(toml, encoding="utf-8")
    for key, text in files.items():
        (home / names[key]).write_text(text, encoding="utf-8")
    return home.resolve()


def loaded(home: Path, toml: str, environ: Mapping[str, str] | None = None, **files: str) -> Workspace:
    return load(write(home, toml, **files), environ or {})


def problems(home: Path, toml: str, environ: Mapping[str, str] | None = None, **files: str) -> dict[str, Problem]:
    """Key path -> problem, of a workspace that does not hold."""
    with pytest.raises(WorkspaceError) as caught:
        loaded(home, toml, environ, **files)
    assert caught.value.code == 3
    assert len(caught.value.details) == len(caught.value.problems)
    return {p.key: p for p in caught.value.problems}


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """A path that may not be read, nor entered: root, who may do everything, is somebody else meanwhile."""
    tops = [p for p in path.parents if p.stat().st_uid == os.geteuid() and len(p.parts) > 2]
    modes = {p: p.stat().st_mode & 0o7777 for p in (path, *tops)}
    root = os.geteuid() == 0
    for parent in tops:
        parent.chmod(modes[parent] | 0o055)
    path.chmod(0)
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
        for changed, mode in modes.items():
            changed.chmod(mode)
