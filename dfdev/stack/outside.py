"""Mounts that lead outside DFHOME: looked for whenever a container is made, started or entered.

A folder that was one when the file was checked may be a link now: a `git pull` brought it, or a script in a container.
The engine follows it at the next start.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from dfdev.core.desired import Mount
from dfdev.core.observed import Container
from dfdev.workspace.gate import Gate
from dfdev.workspace.problem import Problem, WorkspaceError

_MASK = "/dev/null"


def must_lead_inside(gate: Gate, service: str, mounts: Iterable[Mount], container: Container | None = None) -> None:
    """WorkspaceError naming each folder that leads outside. `container`: one that is there, with the folders that it
    was made with, which the file may not name any more.
    """
    sources = {m.source: m.target for m in mounts if m.of_host}
    if container is not None:
        sources = {**_bound(container), **sources}
    problems = tuple(_problems(gate, service, sources.items()))
    if problems:
        raise WorkspaceError(problems)


def _problems(gate: Gate, service: str, sources: Iterable[tuple[str, str]]) -> Iterator[Problem]:
    for source, target in sources:
        problem = gate.problem(f"services.{service} {target}", source)
        if problem is not None:
            yield problem


def _bound(container: Container) -> dict[str, str]:
    """Source -> target of its folders, as far as the engine names them as this host does."""
    bound = (m for m in container.mounts if m.type == "bind" and m.source != _MASK)
    return {m.source: m.target for m in bound if os.path.lexists(m.source)}
