"""Labels are the only database: ours to find our objects by, compose's so that other tools group them.

`docker compose ls` (2.40) lists a project only if `project` and `config-hash` are both set, and reads `config_files`;
Docker Desktop groups by `project` alone. Source: docker/compose pkg/compose/ls.go, containers.go.
"""

from __future__ import annotations

from collections.abc import Mapping

from dfdev import __version__
from dfdev.core.desired import Desired, Service
from dfdev.core.fingerprint import fingerprint

WORKSPACE = "dev.dfdev.workspace"
HOME = "dev.dfdev.home"
SERVICE = "dev.dfdev.service"
KIND = "dev.dfdev.kind"
CONFIG_HASH = "dev.dfdev.config-hash"
STATEFUL = "dev.dfdev.stateful"
FOLDERS = "dev.dfdev.folders"
"""Which folders the container was made on. Not part of its configuration."""
VERSION = "dev.dfdev.version"
IMAGE = "dev.dfdev.image"
"""The reference that a container was made of. The engine's own word becomes an id when the tag moves on."""
REPLACES = "dev.dfdev.replaces"
"""The id of the container whose place it takes: what was begun is told by the engine itself."""
HELPER = "dev.dfdev.helper"
"""Of a container for one purpose of dfdev's own, and what for."""
DECLARED = "dev.dfdev.declared"
"""Of a volume: the path at which its service's image declares one."""
OURS = (WORKSPACE, HOME, SERVICE, KIND, CONFIG_HASH, STATEFUL, FOLDERS, VERSION, IMAGE, REPLACES)
_COMPOSE = "com.docker.compose"


def for_service(desired: Desired, service: Service) -> dict[str, str]:
    digest = fingerprint(service)
    return for_network(desired) | {
        SERVICE: service.name,
        KIND: service.kind,
        CONFIG_HASH: digest,
        STATEFUL: "true" if service.stateful else "false",
        IMAGE: service.image,
        f"{_COMPOSE}.service": service.name,
        f"{_COMPOSE}.container-number": "1",
        f"{_COMPOSE}.oneoff": "False",
        f"{_COMPOSE}.config-hash": digest,
        f"{_COMPOSE}.project.working_dir": desired.home,
        f"{_COMPOSE}.project.config_files": ",".join(desired.config_files),
    }


def for_network(desired: Desired) -> dict[str, str]:
    return {
        WORKSPACE: desired.workspace,
        HOME: desired.home,
        VERSION: __version__,
        f"{_COMPOSE}.project": desired.workspace,
    }


def for_volume(of_container: Mapping[str, str], path: str) -> dict[str, str]:
    """Of one that stands where the image of this container declares a volume."""
    kept = {name: of_container[name] for name in (WORKSPACE, HOME, SERVICE) if name in of_container}
    return kept | {DECLARED: path}


def emptied(labels: Mapping[str, str]) -> dict[str, str]:
    """For an image made of a container, which inherits its labels: without what marks a container as ours."""
    return {name: "" for name in labels if name in OURS or name.startswith(f"{_COMPOSE}.")}
