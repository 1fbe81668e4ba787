"""What is ours on an engine that others use too: what carries our labels *and* the name that they belong to.

Labels alone say nothing: `docker commit` hands them on to an image, and every container of that image inherits them.
Whoever wants to know whose a container is asks here, and only here are a container's labels read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dfdev.core import labels
from dfdev.core.desired import Desired, container_name
from dfdev.core.frozen import dataclass
from dfdev.core.observed import Container, Network


@dataclass(frozen=True)
class Mark:
    """What the labels of a container of ours say; of any other nothing, and `workspace` is ""."""

    labels: Mapping[str, str]

    def __bool__(self) -> bool:
        return bool(self.labels)

    @property
    def workspace(self) -> str:
        return self.labels.get(labels.WORKSPACE, "")

    @property
    def home(self) -> str:
        return self.labels.get(labels.HOME, "")

    @property
    def service(self) -> str:
        return self.labels.get(labels.SERVICE, "")

    @property
    def config_hash(self) -> str:
        return self.labels.get(labels.CONFIG_HASH, "")

    @property
    def image(self) -> str:
        """The reference that it was made of."""
        return self.labels.get(labels.IMAGE, "")

    @property
    def folders(self) -> str:
        return self.labels.get(labels.FOLDERS, "")

    @property
    def is_tools(self) -> bool:
        return self.labels.get(labels.KIND) == "tools"

    @property
    def stateful(self) -> bool:
        return self.labels.get(labels.STATEFUL) == "true"


NOBODYS = Mark({})


def mark_of(container: Container) -> Mark:
    """Falsy for a container that is not dfdev's, whatever its labels say."""
    said = container.claims
    workspace, service = said.get(labels.WORKSPACE, ""), said.get(labels.SERVICE, "")
    fits = workspace and service and container.name == container_name(workspace, service)
    return Mark(said) if fits else NOBODYS


def holds_data(container: Container) -> bool:
    """Ours, with data that its image cannot give back. One that never ran holds none."""
    return mark_of(container).stateful and container.state != "created"


def by_service(workspace: str, containers: Iterable[Container]) -> dict[str, Container]:
    """Our containers by service name."""
    ours = (c for c in containers if mark_of(c).workspace == workspace)
    return {mark_of(c).service: c for c in ours}


def look_alikes(workspace: str, containers: Iterable[Container]) -> tuple[Container, ...]:
    """Those with this workspace's labels that are not ours: of an image that was committed, or renamed."""
    return tuple(c for c in containers if c.claims.get(labels.WORKSPACE) == workspace and not mark_of(c))


def is_helper(container: Container, name: str, purpose: str) -> bool:
    """Made by dfdev for one purpose, by that name."""
    return container.name == name and container.claims.get(labels.HELPER) == purpose


def strangers(desired: Desired, ours: Mapping[str, Container]) -> dict[str, Container]:
    """Those of services that left the file. What keeps the tools of the front end comes and goes by itself."""
    known = desired.by_name
    return {name: c for name, c in ours.items() if name not in known and not mark_of(c).is_tools}


def our_network(desired: Desired, networks: Iterable[Network]) -> Network | None:
    """The workspace's own network, `None` when it is still to be made. (No network inherits labels.)"""
    ours = [
        n for n in networks if n.name == desired.network and n.labels.get(labels.WORKSPACE, "") == desired.workspace
    ]
    return min(ours, key=lambda n: n.id, default=None)
