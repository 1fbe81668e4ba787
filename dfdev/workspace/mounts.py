"""The workspace's folders and env files as they are on this disk: the edge that looks at them."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from dfdev.core.desired import Mount, Role
from dfdev.workspace.check import mount_texts
from dfdev.workspace.disk import exists, is_folder
from dfdev.workspace.locate import expand_user
from dfdev.workspace.problem import Parts, Problem, key_path, quoted
from dfdev.workspace.schema import Service
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


class Bound(NamedTuple):
    """A mount of a service: its place in the service's table, what is written there, its source's real path."""

    at: Parts
    spec: MountSpec
    real: Path


def bound(name: str, service: Service, folders: Folders) -> tuple[Bound, ...]:
    """code, logs and mounts; a text that does not fit is left out."""
    return tuple(Bound(at, spec, folders.source(spec.source)) for at, spec in _specs(name, service))


def service_mounts(found: Iterable[Bound]) -> tuple[Mount, ...]:
    """With the real paths of their sources. They must have been checked."""
    return tuple(Mount(str(b.real), b.spec.target, _role(b.at), b.spec.read_only) for b in found)


def check_mounts(found: Mapping[str, Iterable[Bound]], folders: Folders) -> tuple[Problem, ...]:
    """A source that leaves DFHOME, is missing, or is a file. Only `logs` may be missing: `up` makes it.

    `found`: what each service binds.
    """
    problems = (_source_problem(name, mount, folders) for name, mounts in found.items() for mount in mounts)
    return tuple(p for p in problems if p)


def _specs(name: str, service: Service) -> Iterator[tuple[Parts, MountSpec]]:
    for at, text, default in mount_texts(name, service):
        with contextlib.suppress(UnfitError):
            yield at, parse_mount(text, default)


def _role(at: Parts) -> Role:
    return "logs" if at == ("logs",) else "code"


def _source_problem(name: str, mount: Bound, folders: Folders) -> Problem | None:
    at, spec, real = mount
    key = key_path(("services", name, *at))
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
