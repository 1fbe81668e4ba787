"""The folders that services mount, as they are on this disk."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from dfdev.core.desired import Mount, Role
from dfdev.core.typed import typed
from dfdev.workspace.check import mount_texts
from dfdev.workspace.disk import exists, is_folder
from dfdev.workspace.gate import Gate
from dfdev.workspace.problem import Parts, Problem, key_path
from dfdev.workspace.schema import Service
from dfdev.workspace.values import MountSpec, UnfitError, parse_mount

_RESTARTED = "; the engine restarts this service by itself, and it may have that folder already: `dfdev down` ends it"


class Bound(NamedTuple):
    """A mount of a service: its place in the service's table, what is written there, its source's real path; and
    whether the engine restarts the service by itself, with no dfdev to look where that leads.
    """

    at: Parts
    spec: MountSpec
    real: Path
    restarts: bool


def bound(name: str, service: Service, gate: Gate) -> tuple[Bound, ...]:
    """code, logs and mounts; a text that does not fit is left out."""
    return tuple(Bound(at, spec, gate.real(spec.source), service.restart != "no") for at, spec in _specs(name, service))


def service_mounts(found: Iterable[Bound]) -> tuple[Mount, ...]:
    """With the real paths of their sources. They must have been checked."""
    return tuple(Mount(str(b.real), b.spec.target, _role(b.at), b.spec.read_only) for b in found)


def check_mounts(found: Mapping[str, Iterable[Bound]], gate: Gate) -> tuple[Problem, ...]:
    """A source that leaves DFHOME, is missing, or is a file. Only `logs` may be missing: `up` makes it.

    `found`: what each service binds.
    """
    problems = (_source_problem(name, mount, gate) for name, mounts in found.items() for mount in mounts)
    return tuple(p for p in problems if p)


def _specs(name: str, service: Service) -> Iterator[tuple[Parts, MountSpec]]:
    for at, text, default in mount_texts(name, service):
        with contextlib.suppress(UnfitError):
            yield at, parse_mount(text, default)


def _role(at: Parts) -> Role:
    return "logs" if at == ("logs",) else "code"


def _source_problem(name: str, mount: Bound, gate: Gate) -> Problem | None:
    at, spec, real, restarts = mount
    key = key_path(("services", name, *at))
    outside = gate.problem(key, spec.source)
    if outside is not None:
        return outside._replace(hint=f"{outside.hint}{_RESTARTED if restarts else ''}")
    if is_folder(real):
        return None
    if exists(real):
        return Problem(key, "a folder", f"a file: {real}", f"mount its folder: {real.parent}")
    if at[-1] == "logs":
        return None
    return Problem(key, "a folder", f"nothing at {real}", f"put the code there, or {typed('mkdir -p', real)}")
