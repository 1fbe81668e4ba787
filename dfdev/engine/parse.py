"""From the engine's JSON to our values. Pure; shapes of API 1.41 to 1.5x, and Podman's where it differs.

Source: moby api/swagger.yaml (ContainerSummary, ContainerInspectResponse, SystemInfo, Network).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, cast

from dfdev.core.clock import SECOND, Exchange, stamp_of
from dfdev.core.desired import Port
from dfdev.core.observed import Container, EngineInfo, HealthState, MountPoint, Network, State
from dfdev.engine.protocol import Image

Json = Mapping[str, Any]

_STATES = ("created", "running", "paused", "restarting", "removing", "exited", "dead")
_PODMAN_STATES = {"configured": "created", "initialized": "created", "stopped": "exited", "stopping": "running"}
_EVERY = "0.0.0.0"  # noqa: S104  # read, and bound to by nobody
"""What an engine means where it names no address."""
_HEALTH = re.compile(r"\((?:health: )?(starting|healthy|unhealthy)\)")


def listed(item: Json) -> Container:
    """One entry of `GET /containers/json`. Health is told only in the text of `Status`."""
    found = _HEALTH.search(str(item.get("Status", "")))
    return Container(
        id=item["Id"],
        name=_own_name(item.get("Names") or ()),
        image=item.get("Image", ""),
        image_id=item.get("ImageID", ""),
        state=_state(item.get("State", "")),
        health=cast(HealthState, found.group(1)) if found else "",
        claims=item.get("Labels") or {},
        ports=_listed_ports(item.get("Ports") or ()),
        mounts=_mounts(item),
        networks=_networks(item),
    )


def inspected(item: Json) -> Container:
    """`GET /containers/ID/json`: exit code, error and the last words of the health check as well."""
    state, config = item["State"], item.get("Config") or {}
    name = _state(state.get("Status", ""))
    health = state.get("Health") or {}
    status = health.get("Status", "")
    error = state.get("Error", "")
    ended = name in ("exited", "dead") or bool(error)
    return Container(
        id=item["Id"],
        name=_name(item.get("Name", "")),
        image=config.get("Image", ""),
        image_id=item.get("Image", ""),
        state=name,
        health=status if status in ("starting", "healthy", "unhealthy") else "",
        claims=config.get("Labels") or {},
        ports=_bound_ports((item.get("NetworkSettings") or {}).get("Ports") or {}),
        mounts=_mounts(item),
        networks=_networks(item),
        exit_code=state.get("ExitCode") if ended else None,
        error=error,
        bindings=_bound_ports((item.get("HostConfig") or {}).get("PortBindings") or {}),
        health_log=str((health.get("Log") or [{}])[-1].get("Output", "")),
    )


def image(item: Json) -> Image:
    """`GET /images/REF/json`."""
    return Image(
        item["Id"],
        tuple(item.get("RepoTags") or ()),
        (item.get("Config") or {}).get("Labels") or {},
        int(item.get("Size") or 0),
        (stamp_of(str(item.get("Created") or "")) or 0) / SECOND,
        tuple((item.get("RootFS") or {}).get("Layers") or ()),
        tuple((item.get("Config") or {}).get("Volumes") or ()),
        item.get("Comment") or "",
    )


def listed_image(item: Json) -> Image:
    """One entry of `GET /images/json`."""
    refs = tuple(ref for ref in item.get("RepoTags") or () if not ref.startswith("<none>"))
    return Image(item["Id"], refs, item.get("Labels") or {}, int(item.get("Size") or 0), float(item["Created"]))


def network(item: Json) -> Network:
    return Network(item["Id"], item["Name"], item.get("Labels") or {})


def engine_info(
    item: Json, api: str, *, local: bool, hostname: str, kernel: str, clock: Exchange | None = None
) -> EngineInfo:
    """`GET /info`. `local`: a Unix socket on Linux; `hostname` and `kernel` are this host's.

    An engine in a VM has a name and a kernel of its own; a rootless one maps user ids.
    """
    rootless = bool(item.get("Rootless")) or any("rootless" in o for o in item.get("SecurityOptions") or ())
    same_host = item.get("Name") == hostname and item.get("KernelVersion") == kernel
    return EngineInfo(
        version=item.get("ServerVersion", ""),
        api=api,
        os=item.get("OperatingSystem", ""),
        name=item.get("Name", ""),
        kernel=item.get("KernelVersion", ""),
        rootless=rootless,
        clock=clock,
        labels=tuple(item.get("Labels") or ()),
        native=local and same_host and not rootless,
        root=item.get("DockerRootDir") or "",
        podman="BuildahVersion" in item,
        architecture=item.get("Architecture") or "",
        id=item.get("ID") or "",
    )


def _state(text: str) -> State:
    """A state that nobody knows yet counts as dead: it is replaced, not trusted."""
    text = _PODMAN_STATES.get(text.lower(), text.lower())
    return cast(State, text if text in _STATES else "dead")


def _name(text: str) -> str:
    return text.removeprefix("/")


def _own_name(names: Iterable[str]) -> str:
    """A container that others were linked to (`docker run --link`) is listed by their names for it as well."""
    return next((_name(name) for name in names if "/" not in _name(name)), "")


def _listed_ports(ports: Iterable[Json]) -> tuple[Port, ...]:
    """The published ones; one that is bound on IPv4 and IPv6 is listed twice."""
    return _unique(
        Port(p["PublicPort"], p["PrivatePort"], p.get("IP") or _EVERY, p.get("Type", "tcp"))
        for p in ports
        if p.get("PublicPort")
    )


def _bound_ports(bindings: Mapping[str, Any]) -> tuple[Port, ...]:
    """`{"80/tcp": [{"HostIp", "HostPort"}]}`; `null` for a port that is only exposed."""
    return _unique(
        Port(int(b["HostPort"]), int(number), b.get("HostIp") or _EVERY, protocol or "tcp")
        for (number, _, protocol), bound in ((key.partition("/"), bound) for key, bound in bindings.items())
        for b in bound or ()
        if b.get("HostPort")
    )


def _unique(ports: Iterable[Port]) -> tuple[Port, ...]:
    return tuple(sorted(set(ports), key=lambda p: (p.host, p.protocol, p.address)))


def _mounts(item: Json) -> tuple[MountPoint, ...]:
    return tuple(
        MountPoint(m.get("Name") or m.get("Source", ""), m.get("Destination", ""), m.get("Type", "bind"))
        for m in item.get("Mounts") or ()
    )


def _networks(item: Json) -> dict[str, str]:
    found = (item.get("NetworkSettings") or {}).get("Networks") or {}
    return {name: (settings or {}).get("NetworkID", "") for name, settings in found.items()}
