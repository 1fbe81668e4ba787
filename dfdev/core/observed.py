"""What runs: one snapshot of the engine, labels already read. Values only.

"Unknown" is a value: an image that could not be found is `None`, never an empty string.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from dfdev.core.clock import Exchange
from dfdev.core.desired import Port
from dfdev.core.frozen import dataclass

State = Literal["created", "running", "paused", "restarting", "removing", "exited", "dead"]
HealthState = Literal["", "starting", "healthy", "unhealthy"]


@dataclass(frozen=True)
class MountPoint:
    """`source` is the folder on the engine's side (bind) or the volume's name."""

    source: str
    target: str
    type: str = "bind"


@dataclass(frozen=True)
class Container:
    """One container as the engine lists it, ours or not.

    `networks` maps network name -> network id. `exit_code` and `started_at` are known only after an inspect.
    """

    id: str
    name: str
    image: str
    image_id: str
    state: State
    health: HealthState = ""
    claims: Mapping[str, str] = field(default_factory=dict)
    """Its labels. They may have been handed on by an image: whose it is says `ours.mark_of`."""
    ports: tuple[Port, ...] = ()
    mounts: tuple[MountPoint, ...] = ()
    networks: Mapping[str, str] = field(default_factory=dict)
    exit_code: int | None = None
    error: str = ""
    health_log: str = ""
    bindings: tuple[Port, ...] | None = field(default=None, compare=False)
    """The ports that it publishes whenever it runs; known only after an inspect."""

    @property
    def running(self) -> bool:
        return self.state in ("running", "restarting", "paused")


@dataclass(frozen=True)
class Network:
    id: str
    name: str
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Volume:
    """A volume by its name. (It inherits labels from nobody.)"""

    name: str
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Observed:
    """Everything that `reconcile` may look at.

    `containers`: all of the engine, ours and others. `networks`: those that carry this workspace's network name.
    `images`: image reference -> id, `None` when the engine does not have it.
    """

    containers: tuple[Container, ...] = ()
    networks: tuple[Network, ...] = ()
    images: Mapping[str, str | None] = field(default_factory=dict)
    volumes: tuple[Volume, ...] = ()
    """This workspace's; looked for only by who removes them."""


@dataclass(frozen=True)
class EngineInfo:
    """Who answers. `clock` is what this very answer says of the engine's clock, None when it says nothing."""

    version: str
    api: str
    os: str
    name: str
    kernel: str = ""
    rootless: bool = False
    clock: Exchange | None = None
    labels: tuple[str, ...] = ()
    native: bool = False
    """The engine shares this host's kernel: paths and user ids mean the same on both sides."""
    root: str = ""
    """Folder of its images and containers, on its own file system."""
    podman: bool = False
    """It is Podman's imitation of the Engine API."""
    architecture: str = ""
    """Its own word: x86_64, aarch64."""
    id: str = ""
    """Its own for as long as it keeps its containers; Podman's is another each time."""

    @property
    def desktop(self) -> bool:
        return self.os in ("Docker Desktop", "OrbStack")
