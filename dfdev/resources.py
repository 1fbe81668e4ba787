"""Where `templates/` and `shell/` are: inside an installed wheel, else beside the package in a checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def templates_dir() -> Path:
    """The folder with `demo/`, `images/`, …"""
    return _folder("templates")


def shell_dir() -> Path:
    """The folder with `quickstart.sh`, `test.sh`, …"""
    return _folder("shell")


def _folder(name: str) -> Path:
    packaged = _PACKAGE / f"_{name}"
    return packaged if packaged.is_dir() else _PACKAGE.parent / name
