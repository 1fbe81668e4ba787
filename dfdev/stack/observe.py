"""One snapshot of the engine: all queries at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from dfdev.core.observed import Container, EngineInfo, Network, Observed
from dfdev.engine.protocol import Reader
from dfdev.system.parallel import together


def observe(engine: Reader, network: str, images: Iterable[str]) -> tuple[EngineInfo, Observed]:
    """Who answers, every container, the networks of that name and the ids of these images."""
    info: list[EngineInfo] = []
    containers: list[Container] = []
    networks: list[Network] = []
    ids: dict[str, str | None] = {}

    def look_up(ref: str) -> Callable[[], None]:
        return lambda: ids.update({ref: engine.image_id(ref)})

    together(
        lambda: info.append(engine.info()),
        lambda: containers.extend(engine.containers()),
        lambda: networks.extend(engine.networks(network)),
        *(look_up(ref) for ref in sorted(set(images))),
    )
    return info[0], Observed(tuple(containers), tuple(networks), ids)
