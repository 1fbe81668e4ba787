"""Snapshots of the database: images that the workspace's own container may run on instead of the fixtures. Pure."""

from __future__ import annotations

import re
from dataclasses import replace

from dfdev.core.desired import Desired, Service
from dfdev.core.observed import Container, Observed
from dfdev.core.ours import by_service, mark_of

_REPOSITORY = "dfdev-snapshots"
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}", re.ASCII)


def is_snapshot_name(name: str) -> bool:
    """What a tag may be: letters, digits, `_`, `.` and `-`, neither of the last two first."""
    return bool(_NAME.fullmatch(name))


def repository(workspace: str) -> str:
    return f"{_REPOSITORY}/{workspace.lower()}"


def snapshot_ref(workspace: str, name: str) -> str:
    return f"{repository(workspace)}:{name}"


def snapshot_in(container: Container, workspace: str) -> str:
    """The name of the snapshot that a container was made of, "" when it was not."""
    head, _, name = mark_of(container).image.rpartition(":")
    return name if head == repository(workspace) else ""


def adopted(desired: Desired, observed: Observed) -> tuple[Desired, Observed]:
    """A database that was restored from a snapshot is as it should be, until `mysql reset`."""
    ours = by_service(desired.workspace, observed.containers)
    for service in desired.services:
        found = ours.get(service.name)
        if service.stateful and found is not None and snapshot_in(found, desired.workspace):
            return _on(desired, observed, service, found)
    return desired, observed


def with_image(desired: Desired, name: str, image: str) -> Desired:
    """The same with one service on another image."""
    return replace(desired, services=tuple(replace(s, image=image) if s.name == name else s for s in desired.services))


def _on(desired: Desired, observed: Observed, service: Service, found: Container) -> tuple[Desired, Observed]:
    ref = mark_of(found).image
    images = {**observed.images, ref: found.image_id}
    return with_image(desired, service.name, ref), replace(observed, images=images)
