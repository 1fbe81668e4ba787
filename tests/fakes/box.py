"""One container of the engine in memory."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

from dfdev.core import labels
from dfdev.core.desired import Port
from dfdev.core.observed import Container, MountPoint
from dfdev.engine.protocol import ContainerSpec
from dfdev.errors import Conflict, EngineError, NotFound


class Box:
    """`container` is how it looks now. `unshared`: bind sources that lead to an empty folder inside the VM."""

    def __init__(
        self,
        container: Container,
        *,
        ports: tuple[Port, ...] | None = None,
        has_check: bool | None = None,
        unshared: Collection[str] = (),
    ) -> None:
        self.container = container
        self.wanted_ports = container.ports if ports is None else ports
        self.has_check = bool(container.health) if has_check is None else has_check
        self.container = replace(container, bindings=self.wanted_ports)
        self._unshared = frozenset(unshared)
        self._files: dict[str, bytes] = {}
        self.stored: Mapping[str, dict[str, bytes]] = {}
        """Volume -> path in it -> content."""
        self._looks_until_healthy: int | None = 1 if container.health == "starting" else None

    @classmethod
    def created(
        cls, id: str, spec: ContainerSpec, image_id: str, unshared: Collection[str], volumes: Iterable[MountPoint] = ()
    ) -> Box:
        service = spec.service
        points = (*(MountPoint(m.source, m.target) for m in service.mounts if m.role != "data"), *volumes)
        container = Container(
            id, spec.name, service.image, image_id, "created", claims=dict(spec.labels), mounts=points
        )
        checked = service.health.kind in ("command", "mysql")
        box = cls(container, ports=service.ports, has_check=checked, unshared=unshared)
        box._files.update({file.path: file.content for file in service.files})
        return box

    @property
    def written(self) -> int:
        """Bytes of its own: of the files that were put into it."""
        return sum(map(len, self._files.values()))

    @property
    def service(self) -> str:
        return self.container.claims.get(labels.SERVICE, self.container.name)

    def change(self, **changes: Any) -> None:
        self.container = replace(self.container, **changes)

    def must_get_ports(self, taken: Collection[int], others: Iterable[Box]) -> None:
        """Conflict: another one that runs has one of them; one that is stopped holds none."""
        running = [box.container for box in others if box is not self and box.container.running]
        held = {port.host for container in running for port in container.ports} | set(taken)
        for port in self.wanted_ports:
            if port.host in held:
                raise Conflict(f"starting {self.service}: port is already allocated: {port.host}", "free the port")

    def start(self, exit_code: int | None, healthy_after: int | None) -> None:
        self._looks_until_healthy = healthy_after
        health = "" if healthy_after is None else "starting"
        self.change(state="running", health=health, ports=self.wanted_ports, exit_code=None)
        if exit_code is not None:
            self.end(exit_code)

    def end(self, exit_code: int) -> None:
        """A stopped container publishes nothing, and the engine tells no health of it."""
        self._looks_until_healthy = None
        self.change(state="exited", health="", ports=(), exit_code=exit_code)

    def tick(self) -> None:
        """One look nearer to healthy."""
        if self._looks_until_healthy is None or self.container.state != "running":
            return
        self._looks_until_healthy -= 1
        if self._looks_until_healthy <= 0:
            self._looks_until_healthy = None
            self.change(health="healthy")

    def read(self, path: str) -> bytes:
        host = self._host_path(path)
        if host is None:
            files, inside = self._at(path)
            if inside not in files:
                raise NotFound(f"Could not find the file {path} in container {self.container.name}")
            return files[inside]
        if not host.exists():
            raise NotFound(f"Could not find the file {path} in container {self.container.name}")
        if not host.is_file():
            raise EngineError(f"{path} in container {self.container.name} is not a regular file")
        return host.read_bytes()

    def write(self, path: str, data: bytes) -> None:
        """A link on the way means a path of the container, as the engine takes it."""
        host = self._host_path(path)
        if host is None:
            files, inside = self._at(path)
            files[inside] = data
            return None
        if host.parent.is_symlink():
            return self.write(f"{host.parent.readlink()}/{host.name}", data)
        if not host.parent.is_dir():
            raise NotFound(f"Could not find the folder of {path} in container {self.container.name}")
        host.write_bytes(data)
        return None

    def _at(self, path: str) -> tuple[dict[str, bytes], str]:
        """Where a file lies that is not the host's: in a volume, or in the container's own layer."""
        for mount in self.container.mounts:
            if mount.source in self.stored and PurePosixPath(path).is_relative_to(mount.target):
                return self.stored[mount.source], str(PurePosixPath(path).relative_to(mount.target))
        return self._files, path

    def _host_path(self, path: str) -> Path | None:
        """Through the innermost bind mount, `None` when the path lies in none that the VM sees."""
        binds = [m for m in self.container.mounts if m.type == "bind" and m.source not in self._unshared]
        inside = PurePosixPath(path)
        for mount in sorted(binds, key=lambda m: -len(m.target)):
            if inside.is_relative_to(mount.target):
                return Path(mount.source) / inside.relative_to(mount.target)
        return None
