"""`~/.config/dfdev/config.toml` (XDG_CONFIG_HOME honoured): what belongs to a person, not to a team."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from dfdev.core.xdg import xdg_folder
from dfdev.workspace.disk import is_file
from dfdev.workspace.problem import WorkspaceError
from dfdev.workspace.schema import UserConfig
from dfdev.workspace.toml_file import read_toml


def user_config_path(environ: Mapping[str, str]) -> Path | None:
    """None where neither XDG_CONFIG_HOME nor HOME is set. A relative XDG_CONFIG_HOME does not count."""
    if not environ.get("HOME") and not environ.get("XDG_CONFIG_HOME", "").startswith("/"):
        return None
    return Path(xdg_folder(environ, "XDG_CONFIG_HOME", ".config")) / "dfdev" / "config.toml"


def read_user_config(environ: Mapping[str, str]) -> UserConfig:
    """The user's file, or the defaults where there is none. ConfigError: it is there and does not hold."""
    path = user_config_path(environ)
    if path is None or not is_file(path):
        return UserConfig()
    data = read_toml(path)
    try:
        return msgspec.convert(data, UserConfig)
    except msgspec.ValidationError:
        from dfdev.workspace.shape import shape

        problems = shape(UserConfig, data).problems
        raise WorkspaceError(tuple(p._replace(file=str(path)) for p in problems)) from None
