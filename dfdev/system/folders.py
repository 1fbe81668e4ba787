"""Folders: whose a workspace is, and where dfdev keeps what it remembers."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from dfdev.core.xdg import xdg_folder


def developer(home: Path) -> tuple[int, int]:
    """(uid, gid) of who works there: whoever calls; root acts for the owner of the folder."""
    if os.getuid() != 0:
        return os.getuid(), os.getgid()
    owner = home.stat()
    return owner.st_uid, owner.st_gid


def state_folder(environ: Mapping[str, str]) -> Path:
    """`$XDG_STATE_HOME/dfdev`, by default `~/.local/state/dfdev`."""
    return Path(xdg_folder(environ, "XDG_STATE_HOME", ".local/state")) / "dfdev"


def make_folder(path: Path, uid: int, gid: int) -> None:
    """The folder and those above it that are missing, as that user's. There already is success. OSError."""
    if path.is_dir():
        return
    make_folder(path.parent, uid, gid)
    path.mkdir(exist_ok=True)
    if os.getuid() == 0:
        os.chown(path, uid, gid)


def identity(path: Path) -> str:
    """Tells a folder from another one that took its name: device and inode; "" where there is none."""
    try:
        found = path.stat()
    except OSError:
        return ""
    return f"{found.st_dev}:{found.st_ino}"
