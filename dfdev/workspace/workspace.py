"""The frozen workspace that everything else is given."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from dfdev.core.desired import Mount
from dfdev.workspace.env import Env
from dfdev.workspace.gate import Gate
from dfdev.workspace.origin import Origin
from dfdev.workspace.schema import Config, Granted, UserConfig


class Workspace(Struct, frozen=True, kw_only=True):
    """dfdev.toml, dfdev.local.toml, .env, .env.local and the environment as one value. Its repr shows no secrets.

    name: [a-z0-9][a-z0-9_-]*, of the file or made from the folder's name.
    home: real path of DFHOME; home_source: what named it, for messages ("--home", "$DFHOME", …).
    config: the file's values, defaults filled in, `${VAR}` replaced.
    env: `.env` < `.env.local` < environment, resolved, with DFHOME.
    config_files: the TOML files that were read, dfdev.toml first; env_files: .env, .env.local where present.
    origins: key path -> where the value comes from; a key that is not in it is a default.
    mounts: service -> its bind mounts (code, logs, mounts) with real paths.
    gate: where the paths that it names may lead; granted: what the user agreed to for this workspace.
    service_env: service, and "mysql" -> environment of the container, env files and `env` merged.
    """

    name: str
    home: Path
    home_source: str
    config: Config
    env: Env
    config_files: tuple[Path, ...]
    env_files: tuple[Path, ...]
    origins: Mapping[str, Origin]
    mounts: Mapping[str, tuple[Mount, ...]]
    service_env: Mapping[str, Mapping[str, str]]
    user: UserConfig
    gate: Gate
    granted: Granted

    def __repr__(self) -> str:
        return f"Workspace(name={self.name!r}, home={str(self.home)!r})"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return [("name", self.name), ("home", str(self.home))]

    def origin(self, key: str) -> Origin:
        """The origin of a key path such as `services.www.image`; "default" where no file says it."""
        return self.origins.get(key, Origin())
