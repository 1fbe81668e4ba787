"""What is ours on an engine that others use too: told by labels, never by names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dfdev.core import labels
from dfdev.core.desired import Desired
from dfdev.core.observed import Container, Network


def by_service(workspace: str, containers: Iterable[Container]) -> dict[str, tuple[Container, ...]]:
    """Our containers by service name: the running one first, then the oldest id, so that the choice is stable."""
    found: dict[str, list[Container]] = {}
    for c in containers:
        if labels.workspace_of(c.labels) == workspace:
            found.setdefault(c.labels.get(labels.SERVICE, c.name), []).append(c)
    return {name: tuple(sorted(cs, key=lambda c: (not c.running, c.id))) for name, cs in found.items()}


def strangers(desired: Desired, ours: Mapping[str, tuple[Container, ...]]) -> dict[str, tuple[Container, ...]]:
    """Those of services that left the file. What keeps the tools of the front end comes and goes by itself."""
    known = desired.by_name
    left = {name: found for name, found in ours.items() if name not in known}
    return {name: kept for name, found in left.items() if (kept := tuple(c for c in found if not _tools(c)))}


def _tools(container: Container) -> bool:
    return container.labels.get(labels.KIND) == "tools"


def our_network(desired: Desired, networks: Iterable[Network]) -> Network | None:
    """The workspace's own network, `None` when it is still to be made."""
    ours = [n for n in networks if n.name == desired.network and labels.workspace_of(n.labels) == desired.workspace]
    return min(ours, key=lambda n: n.id, default=None)
