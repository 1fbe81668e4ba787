"""A service as its container has it, where the file says something else by now. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from dfdev.core.desired import Port, Service
from dfdev.core.observed import Container


def as_it_is(service: Service, container: Container) -> Service:
    """On the ports that this container publishes: those of the file are for the next one."""
    ports = container.ports if container.state in ("running", "paused") else container.bindings
    if ports is None or _doors(ports) == _doors(service.ports):
        return service
    return replace(service, ports=ports)


def _doors(ports: Iterable[Port]) -> set[tuple[int, int, str]]:
    """Without the addresses, which engines tell in more than one way."""
    return {(p.host, p.container, p.protocol) for p in ports}
