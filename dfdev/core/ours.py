"""What is ours on an engine that others use too: what carries our labels *and* the name that they belong to.

Labels alone say nothing: `docker commit` hands them on to an image, and every container of that image inherits them.
Whoever wants to know whose a container is asks here, and only here are a container's labels read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from dfdev.core import labels
from dfdev.core.desired import Desired, container_name, second_name
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
    def replaces(self) -> str:
        return self.labels.get(labels.REPLACES, "")

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
    if not (workspace and service):
        return NOBODYS
    second = container.name == second_name(workspace, service) and bool(said.get(labels.REPLACES))
    return Mark(said) if second or container.name == container_name(workspace, service) else NOBODYS


def holds_data(container: Container) -> bool:
    """Ours, with data that its image cannot give back. One that never ran holds none."""
    return mark_of(container).stateful and container.state != "created"


@dataclass(frozen=True)
class Held:
    """The containers of a service: one, or two while one takes the other's place.

    `now`: the one that counts; `begun`: made to take its place, and has never run; `left`: has given way to it, and is
    still there.
    """

    now: Container
    begun: Container | None = None
    left: Container | None = None

    @property
    def others(self) -> tuple[Container, ...]:
        return tuple(c for c in (self.begun, self.left) if c is not None)


def held(workspace: str, containers: Iterable[Container]) -> dict[str, Held]:
    """Our containers by service name, with what an interrupted command has left."""
    ours: dict[str, list[Container]] = {}
    for container in containers:
        if mark_of(container).workspace == workspace:
            ours.setdefault(mark_of(container).service, []).append(container)
    return {name: _held(found) for name, found in ours.items()}


def _held(found: Sequence[Container]) -> Held:
    """The new one counts from its first start on: whoever used it since would miss what he wrote."""
    for new in found:
        old = next((c for c in found if c.id == mark_of(new).replaces), None)
        if old is not None:
            return Held(old, begun=new) if new.state == "created" else Held(new, left=old)
    return Held(min(found, key=lambda c: len(c.name)))


def unfinished(ours: Mapping[str, Held]) -> tuple[str, ...]:
    """The services whose container a killed command was about to replace."""
    return tuple(name for name, found in ours.items() if found.others)


def by_service(workspace: str, containers: Iterable[Container]) -> dict[str, Container]:
    """Our containers by service name: the one that counts."""
    return {name: found.now for name, found in held(workspace, containers).items()}


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
