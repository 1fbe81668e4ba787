"""The networks of the engine in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import count

from dfdev.core.observed import Container, Network
from dfdev.engine.protocol import NO_NETWORK
from dfdev.errors import Conflict, NotFound


class Networks:
    """Of which each has a name of its own."""

    def __init__(self, networks: Iterable[Network]) -> None:
        self._networks = {network.id: network for network in networks}
        self._numbers = count(1)

    def named(self, name: str) -> list[Network]:
        return [network for network in self._networks.values() if network.name == name]

    def id_of(self, name: str) -> str:
        """NotFound."""
        if name == NO_NETWORK:
            return NO_NETWORK
        found = self.named(name)
        if not found:
            raise NotFound(f"network {name} not found")
        return found[0].id

    def name_of(self, id_or_name: str) -> str:
        """What was given, where there is no such network."""
        found = self._found(id_or_name)
        return found.name if found else id_or_name

    def create(self, name: str, labels: Mapping[str, str]) -> str:
        """Its id. Conflict."""
        if self.named(name):
            raise Conflict(f"creating network {name}: network with name {name} already exists")
        id = f"net{next(self._numbers):04d}"
        self._networks[id] = Network(id, name, dict(labels))
        return id

    def remove(self, id_or_name: str, containers: Iterable[Container]) -> None:
        """Nothing where there is none. Conflict: one of the containers runs in it."""
        found = self._found(id_or_name)
        if found is None:
            return
        if any(found.id in container.networks.values() and container.running for container in containers):
            raise Conflict(f"removing network {found.name}: network has active endpoints")
        del self._networks[found.id]

    def _found(self, id_or_name: str) -> Network | None:
        return self._networks.get(id_or_name) or next(iter(self.named(id_or_name)), None)
