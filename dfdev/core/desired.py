"""What should run: the desired state, compiled from the workspace file. Values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from dfdev.core.frozen import dataclass

Kind = Literal["registry", "mysql", "app", "frontend", "tools"]
Role = Literal["code", "logs", "beside", "data", "mask", "empty"]
HealthKind = Literal["http", "tcp", "command", "mysql", "image"]


@dataclass(frozen=True)
class Port:
    """A published port: `address:host -> container/protocol`."""

    host: int
    container: int
    address: str = "127.0.0.1"
    protocol: str = "tcp"

    def __str__(self) -> str:
        suffix = "" if self.protocol == "tcp" else f"/{self.protocol}"
        return f"{self.host}:{self.container}{suffix}"


@dataclass(frozen=True)
class Mount:
    """A bind mount of a folder (`code`, `logs`, and `beside` those), a named volume (`data`: `source` is its name), a
    device over a file that the container is not to see (`mask`), or a folder of no file (`empty`).
    """

    source: str
    target: str
    role: Role
    read_only: bool = False

    @property
    def of_host(self) -> bool:
        """A folder of the host, which has to be proven."""
        return self.role in ("code", "logs", "beside")


@dataclass(frozen=True)
class File:
    """A file put into the container between create and start; secrets travel this way, never by env or argv."""

    path: str
    content: bytes = field(repr=False)
    mode: int = 0o644
    uid: int = 0
    gid: int = 0


@dataclass(frozen=True)
class Health:
    """When a service counts as ready.

    http: `value` is a path, asked on `port` (container port); 2xx or 3xx is ready.
    tcp: a connection to `port` is accepted. command: argv in `command` exits 0 in the container.
    mysql: like command, as the user `value`; where that is "", "access denied" counts too: only a server that serves
    TCP can say so.
    image: the image's own health check, else running and stable.
    """

    kind: HealthKind = "image"
    value: str = ""
    port: int = 0
    command: tuple[str, ...] = ()
    timeout: float = 120.0
    """Seconds until a service that is not ready fails `up`."""


@dataclass(frozen=True)
class Service:
    """One container of the workspace. Every field but the ones named in `fingerprint` shapes the container."""

    name: str
    image: str
    kind: Kind = "app"
    command: tuple[str, ...] = ()
    entrypoint: tuple[str, ...] = ()
    env: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    mounts: tuple[Mount, ...] = ()
    ports: tuple[Port, ...] = ()
    files: tuple[File, ...] = ()
    depends_on: tuple[str, ...] = ()
    health: Health = Health()
    user: str = ""
    """`uid:gid`, or empty for the image's own user."""
    working_dir: str = ""
    init: bool = True
    extra_hosts: tuple[str, ...] = ()
    restart: str = "no"
    stop_seconds: int = 10
    stateful: bool = False
    """The container's own layer holds data that the image cannot give back (the database)."""


def container_name(workspace: str, service: str) -> str:
    """The name by which a container is known as ours, together with its labels."""
    return f"{workspace}-{service}"


def second_name(workspace: str, service: str) -> str:
    """Of a container that is to take the place of the one that has the first: no service can be called so."""
    return f"{workspace}-{service}.next"


@dataclass(frozen=True)
class Desired:
    """The whole workspace: its services in one user-defined network.

    `home` is the real path of DFHOME; `config_files` are what the compose labels name.
    """

    workspace: str
    home: str
    services: tuple[Service, ...]
    config_files: tuple[str, ...] = ()

    @property
    def network(self) -> str:
        return f"{self.workspace}_default"

    def service(self, name: str) -> Service:
        return self.by_name[name]

    @property
    def by_name(self) -> Mapping[str, Service]:
        return {s.name: s for s in self.services}

    def container_name(self, service: str) -> str:
        return container_name(self.workspace, service)

    def other_name(self, service: str, taken: str) -> str:
        """Of the two names of its container the one that is not taken."""
        names = (self.container_name(service), second_name(self.workspace, service))
        return next(name for name in names if name != taken)
