"""`dfdev logs`: what the containers print, merged by time, and which files there are in the log mounts."""

from __future__ import annotations

import heapq
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from dfdev.core.desired import Desired
from dfdev.core.frozen import dataclass
from dfdev.core.observed import Container
from dfdev.core.ours import by_service
from dfdev.engine.protocol import Engine, LogLine
from dfdev.errors import DfdevError
from dfdev.workspace.gate import Gate


@dataclass(frozen=True)
class Line:
    service: str
    line: LogLine


@dataclass(frozen=True)
class LogFile:
    """A file in a log mount, on the host. `age` in seconds."""

    service: str
    path: Path
    size: int
    age: float


def chosen(desired: Desired, only: Sequence[str]) -> list[str]:
    """These services, or all, in the file's order. DfdevError for one that is not in the file."""
    unknown = [name for name in only if name not in desired.by_name]
    if unknown:
        known = ", ".join(desired.by_name) or "none"
        raise DfdevError(f"there is no service {unknown[0]} in dfdev.toml", f"the services are: {known}")
    return [service.name for service in desired.services if not only or service.name in only]


def sources(workspace: str, containers: Sequence[Container], services: Sequence[str]) -> dict[str, str]:
    """Service -> container id of those that have one."""
    ours = by_service(workspace, containers)
    return {name: ours[name].id for name in services if name in ours}


def merged(engine: Engine, found: dict[str, str], since: float, tail: int | None) -> Iterator[Line]:
    """All lines so far, oldest first over all services."""

    def of(service: str, container: str) -> Iterator[Line]:
        return (Line(service, line) for line in engine.logs(container, since=since, tail=tail))

    return heapq.merge(*(of(service, id) for service, id in found.items()), key=lambda line: line.line.time)


def files(desired: Desired, only: Sequence[str], gate: Gate) -> list[LogFile]:
    """The files under the log mounts, newest first; hidden ones are left out, and folders that lead outside DFHOME."""
    found = []
    for service in desired.services:
        if not only or service.name in only:
            for mount in service.mounts:
                if mount.role == "logs" and gate.permits(mount.source):
                    found += _in(service.name, Path(mount.source))
    return sorted(found, key=lambda file: file.age)


def _in(service: str, folder: Path) -> list[LogFile]:
    now = time.time()
    found = []
    for path in folder.rglob("*"):
        if path.is_file() and not path.name.startswith("."):
            stat = path.stat()
            found.append(LogFile(service, path, stat.st_size, now - stat.st_mtime))
    return found
