"""Small worlds for tests of the pure core: a desired workspace and what an engine would show of it."""

from __future__ import annotations

from dataclasses import replace

from dfdev.core import labels
from dfdev.core.desired import Desired, Port, Service
from dfdev.core.observed import Container, Network, Observed

NETWORK = "dramas_default"


def desired(*services: Service) -> Desired:
    return Desired("dramas", "/home/dev/dramas", services, ("/home/dev/dramas/dfdev.toml",))


MYSQL = Service("mysql", "mysql:dev", kind="mysql", ports=(Port(3306, 3306),), stateful=True)
WWW = Service("www", "www:dev", ports=(Port(8000, 80),), depends_on=("mysql",))


def container(want: Desired, name: str, /, **changes: object) -> Container:
    """The container that `up` would have left running for this service."""
    service = want.service(name)
    made = Container(
        id=f"id-{name}",
        name=want.container_name(name),
        image=service.image,
        image_id=f"sha-{service.image}",
        state="running",
        claims=labels.for_service(want, service),
        ports=service.ports,
        networks={want.network: "net"},
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def network(want: Desired) -> Network:
    return Network("net", want.network, labels.for_network(want))


def observed(want: Desired, *containers: Container, images: bool = True) -> Observed:
    """With the network, and with every image present."""
    refs = {s.image: f"sha-{s.image}" if images else None for s in want.services}
    return Observed(containers, (network(want),), refs)


def nothing(want: Desired) -> Observed:
    return Observed(images={s.image: f"sha-{s.image}" for s in want.services})
