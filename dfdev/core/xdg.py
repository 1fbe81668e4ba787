"""The XDG base directories. Pure. Source: specifications.freedesktop.org/basedir-spec."""

from __future__ import annotations

from collections.abc import Mapping


def xdg_folder(environ: Mapping[str, str], name: str, usual: str) -> str:
    """`$NAME`, e.g. XDG_STATE_HOME; `usual` below $HOME where it is unset, empty or relative: "If an implementation
    encounters a relative path [it] should consider the path invalid and ignore it".
    """
    given = environ.get(name, "")
    return given if given.startswith("/") else f"{environ.get('HOME', '').rstrip('/')}/{usual}"
