"""The workspace's folders and env files as they are on this disk: the edge that looks at them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from dfdev.core.desired import Mount, Role
from dfdev.workspace.check import mount_texts
from dfdev.workspace.disk import exists, is_folder
from dfdev.workspace.locate import expand_user
from dfdev.workspace.problem import Parts, Problem, key_path, quoted
from dfdev.workspace.schema import Config, Service
from dfdev.workspace.values import MountSpec, UnfitError, parse_mount


class Folders(NamedTuple):
    """What may be mounted: DFHOME's real path, and the real paths that the user allows besides."""

    home: Path
    allowed: tuple[Path, ...]
    environ: Mapping[str, str]

    @classmethod
    def of(cls, home: Path, allow: tuple[str, ...], environ: Mapping[str, str]) -> Folders:
        allowed = (expand_user(text, environ) for text in allow)
        return cls(home, tuple(_real(p) for p in allowed if p.is_absolute()), environ)

    def source(self, text: str) -> Path:
        """The real path of a mount's source, symbolic links resolved; it need not exist."""
        return _real(self.home / expand_user(text, self.environ))

    def permits(self, real: Path) -> bool:
        return any(real.is_relative_to(root) for root in (self.home, *self.allowed))


def service_mounts(name: str, service: Service, folders: Folders) -> tuple[Mount, ...]:
    """code, logs and mounts with the real paths of their sources. The texts must have been checked."""
    return tuple(
        Mount(str(folders.source(spec.source)), spec.target, _role(at), spec.read_only)
        for at, spec in _specs(name, service)
    )


def check_mounts(config: Config, folders: Folders) -> tuple[Problem, ...]:
    """A source that leaves DFHOME, is missing, or is a file. Only `logs` may be missing: `up` makes it."""
    problems = (
        _source_problem(("services", name, *at), spec, folders)
        for name, service in config.services.items()
        for at, spec in _specs(name, service)
    )
    return tuple(p for p in problems if p)


def _specs(name: str, service: Service) -> list[tuple[Parts, MountSpec]]:
    specs: list[tuple[Parts, MountSpec]] = []
    for at, text, default in mount_texts(name, service):
        try:
            specs.append((at, parse_mount(text, default)))
        except UnfitError:
            continue
    return specs


def _role(at: Parts) -> Role:
    return "logs" if at == ("logs",) else "code"


def _source_problem(at: Parts, spec: MountSpec, folders: Folders) -> Problem | None:
    real = folders.source(spec.source)
    key = key_path(at)
    if not folders.permits(real):
        found = f"{quoted(spec.source)}, which is {real}"
        hint = f"to allow it: allow = [{quoted(str(real))}] under [mounts] in ~/.config/dfdev/config.toml"
        return Problem(key, "a folder inside DFHOME", found, hint)
    if is_folder(real):
        return None
    if exists(real):
        return Problem(key, "a folder", f"a file: {real}", f"mount its folder: {real.parent}")
    if at[-1] == "logs":
        return None
    return Problem(key, "a folder", f"nothing at {real}", f"put the code there, or mkdir -p {real}")


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))
