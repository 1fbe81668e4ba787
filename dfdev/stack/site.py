"""A workspace and the engine that it runs on: what every command of the day needs to begin."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dfdev.core.desired import Desired, Service
from dfdev.core.frozen import dataclass
from dfdev.core.observed import EngineInfo, Observed
from dfdev.core.snapshots import adopted
from dfdev.engine.endpoint import Endpoint
from dfdev.engine.protocol import Engine
from dfdev.machines.locate import Located
from dfdev.stack.compile import compile_workspace, image_refs
from dfdev.stack.observe import observe
from dfdev.system.commands import Commands
from dfdev.workspace.gate import Gate
from dfdev.workspace.workspace import Workspace

_HOST_ONLY = (["192", "168", "59"], ["192", "168", "99"])
"""boot2docker-cli config.go: 192.168.59.3/24; docker/machine drivers/virtualbox: 192.168.99.1/24."""


@dataclass(frozen=True)
class Extra:
    """Services of the workspace that another room makes. `images`: references that are to be looked for. Both are asked
    only by a command that looks at the services.
    """

    images: Callable[[], tuple[str, ...]] = tuple
    services: Callable[[EngineInfo], tuple[Service, ...]] = lambda info: ()


@dataclass(frozen=True)
class Site:
    workspace: Workspace
    located: Located
    engine: Engine
    uid: int
    gid: int
    commands: Commands
    extra: Extra = Extra()

    @property
    def gate(self) -> Gate:
        """Where the paths that the workspace names may lead."""
        return self.workspace.gate

    @property
    def endpoint(self) -> Endpoint:
        return self.located.endpoint

    @property
    def environ(self) -> Mapping[str, str]:
        return self.commands.environ

    @property
    def address(self) -> str:
        """Where published ports are reachable from this host."""
        return self.endpoint.address

    @property
    def local(self) -> bool:
        """Published ports are ports of this host."""
        return self.endpoint.address == "127.0.0.1"

    def look(self) -> tuple[Desired, Observed]:
        """The desired state, which depends on the kind of engine, and the observed one, from one look."""
        desired, observed, _ = self.survey()
        return desired, observed

    def survey(self) -> tuple[Desired, Observed, EngineInfo]:
        images = [*image_refs(self.workspace), *self.extra.images()]
        info, observed = observe(self.engine, f"{self.workspace.name}_default", images)
        more = self.extra.services(info)
        desired = compile_workspace(self.workspace, info, self.uid, self.gid, self._addresses(info), more)
        return *adopted(desired, observed), info

    def _addresses(self, info: EngineInfo) -> tuple[str, ...]:
        """Where the engine publishes ports: its own loopback, which the products of today forward to this host's.
        VirtualBox does not: there it is the machine's address in the host-only network as well, where only this host
        is. Only in the two networks that boot2docker and docker-machine make: another 192.168 may be an office's.
        """
        name = self.endpoint.address
        numbers = name.split(".")
        private = numbers[:3] in _HOST_ONLY and len(numbers) == 4 and numbers[3].isdecimal()
        of_virtualbox = (
            private
            and self.endpoint.scheme == "tcp"
            and self.located.whose(info).provider in ("boot2docker", "docker-machine")
        )
        return ("127.0.0.1", name) if of_virtualbox else ("127.0.0.1",)
