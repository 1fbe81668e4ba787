"""What a create and a commit call say. Pure: the engine's own JSON, so that nothing is lost on the way.

(The SDK's types drop `StartInterval`.) Shape: moby api, POST /containers/create and POST /commit.
"""

from __future__ import annotations

from collections.abc import Mapping

from dfdev.core.desired import Health, Mount, Port
from dfdev.core.labels import WORKSPACE, for_volume
from dfdev.engine.protocol import NO_NETWORK, ContainerSpec, ImageConfig

Json = dict[str, object]

_SECOND = 1_000_000_000
_LOG = {"Type": "json-file", "Config": {"max-size": "10m", "max-file": "3"}}
_START_INTERVAL_SINCE = (1, 44)


def create_body(spec: ContainerSpec, api: tuple[int, int]) -> Json:
    service = spec.service
    body: Json = {
        "Image": service.image,
        "Env": [f"{name}={value}" for name, value in service.env],
        "Labels": dict(spec.labels),
        "ExposedPorts": {_key(port): {} for port in service.ports},
        "StopTimeout": service.stop_seconds,
        "HostConfig": _host(spec),
    }
    optional: Json = {
        "Cmd": list(service.command),
        "Entrypoint": list(service.entrypoint),
        "User": service.user,
        "WorkingDir": service.working_dir,
        "Healthcheck": _health(service.health, api),
        "NetworkingConfig": _joined(spec),
    }
    return body | {key: value for key, value in optional.items() if value}


def commit_body(labels: Mapping[str, str], config: ImageConfig) -> Json:
    """The engine completes it with the container's own configuration; a label that is there wins.

    Not the call's `changes`: those of Engine 20.10 know no STOPSIGNAL (moby pull 43369).
    """
    optional: Json = {
        "Entrypoint": list(config.entrypoint),
        "User": config.user,
        "ExposedPorts": {f"{port}/tcp": {} for port in config.ports},
        "StopSignal": config.stop_signal,
    }
    return {"Labels": dict(labels)} | {key: value for key, value in optional.items() if value}


def _joined(spec: ContainerSpec) -> Json:
    """The engine's own networks know no aliases."""
    if spec.network == NO_NETWORK:
        return {}
    return {"EndpointsConfig": {spec.network: {"Aliases": [spec.service.name]}}}


def _host(spec: ContainerSpec) -> Json:
    service = spec.service
    return {
        "NetworkMode": spec.network,
        "Mounts": [*(_mount(mount, spec) for mount in service.mounts), *_declared(spec)],
        "PortBindings": _bindings(service.ports),
        "Init": service.init,
        "LogConfig": _LOG,
        "RestartPolicy": {"Name": service.restart},
        "ExtraHosts": list(service.extra_hosts),
    }


def _mount(mount: Mount, spec: ContainerSpec) -> Json:
    """`Mounts` and not `Binds`: a source that is missing is then an error, not an empty folder that root owns."""
    if mount.role == "empty":
        return {"Type": "tmpfs", "Target": mount.target, "ReadOnly": mount.read_only, "TmpfsOptions": {"Mode": 0o755}}
    common: Json = {"Source": mount.source, "Target": mount.target, "ReadOnly": mount.read_only}
    if mount.role != "data":
        return common | {"Type": "bind"}
    labels = {WORKSPACE: spec.labels[WORKSPACE]} if WORKSPACE in spec.labels else {}
    return common | {"Type": "volume", "VolumeOptions": {"Labels": labels}}


def _declared(spec: ContainerSpec) -> list[Json]:
    return [
        {"Type": "volume", "Source": name, "Target": path, "VolumeOptions": {"Labels": for_volume(spec.labels, path)}}
        for path, name in spec.volumes.items()
    ]


def _bindings(ports: tuple[Port, ...]) -> dict[str, list[Json]]:
    found: dict[str, list[Json]] = {}
    for port in ports:
        found.setdefault(_key(port), []).append({"HostIp": port.address, "HostPort": str(port.host)})
    return found


def _key(port: Port) -> str:
    return f"{port.container}/{port.protocol}"


def _health(health: Health, api: tuple[int, int]) -> Json:
    """Only for checks that run in the container; others are asked from outside."""
    if health.kind not in ("command", "mysql") or not health.command:
        return {}
    check: Json = {
        "Test": ["CMD", *health.command],
        "Interval": 5 * _SECOND,
        "Timeout": 5 * _SECOND,
        "Retries": 3,
        "StartPeriod": 120 * _SECOND,
    }
    return check | ({"StartInterval": _SECOND} if api >= _START_INTERVAL_SINCE else {})
