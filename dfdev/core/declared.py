"""The volumes that an image declares (`VOLUME /data`): kept by name, over every container that a service has. Pure.

An engine gives each container anonymous ones of its own, which go with it or stay behind under a name that nobody
knows. The database's are left to it: its data are thrown away together with its container.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping

from dfdev.core import labels
from dfdev.core.desired import Service
from dfdev.core.observed import Volume


def declared_volumes(
    workspace: str, service: Service, paths: Iterable[str], before: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Path -> name, for those of an image's `paths` where nothing else of the service is mounted. `before`: the volumes
    of the container in whose place the new one comes; an older dfdev made anonymous ones.
    """
    taken = {posixpath.normpath(m.target) for m in service.mounts}
    free = [] if service.stateful else [p for p in paths if posixpath.normpath(p) not in taken]
    return {path: (before or {}).get(path) or volume_name(workspace, service.name, path) for path in free}


def volume_name(workspace: str, service: str, path: str) -> str:
    """Unlike for every other path: what a name may not have is written as its number."""
    inside = posixpath.normpath(path).strip("/")
    safe = re.sub(r"[^A-Za-z0-9.-]", lambda found: "_" if found[0] == "/" else f"_{ord(found[0]):x}_", inside)
    return f"{workspace}-{service}-{safe}"


def of_workspace(workspace: str, volumes: Iterable[Volume]) -> list[Volume]:
    """Those that were made for it this way: by their labels and by their name."""
    return [v for v in volumes if v.labels.get(labels.WORKSPACE) == workspace and v.name == _expected(v)]


def _expected(volume: Volume) -> str:
    said = volume.labels
    names = (said.get(labels.WORKSPACE, ""), said.get(labels.SERVICE, ""), said.get(labels.DECLARED, ""))
    return volume_name(*names) if all(names) else ""
