"""The volumes of the engine in memory."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count

from dfdev.core import labels
from dfdev.core.observed import MountPoint, Volume
from dfdev.engine.protocol import ContainerSpec


class Cupboard:
    """`files`: volume -> path in it -> content."""

    def __init__(self) -> None:
        self.files: dict[str, dict[str, bytes]] = {}
        self._volumes: dict[str, Volume] = {}
        self._anonymous: set[str] = set()
        self._numbers = count(1)

    def mounted(self, spec: ContainerSpec, declared: Iterable[str]) -> tuple[MountPoint, ...]:
        """The volumes of a new container, made where there are none yet."""
        named = {m.target: m.source for m in spec.service.mounts if m.role == "data"}
        rest = [path for path in declared if path not in {m.target for m in spec.service.mounts}]
        for path, name in spec.volumes.items():
            self._put(Volume(name, labels.for_volume(spec.labels, path)))
        for name in named.values():
            self._put(Volume(name, {k: v for k, v in spec.labels.items() if k == labels.WORKSPACE}))
        own = {path: spec.volumes.get(path) or self._new() for path in rest}
        return tuple(MountPoint(name, path, "volume") for path, name in {**named, **own}.items())

    def labelled(self, label: str) -> list[Volume]:
        name, _, value = label.partition("=")
        return [v for v in self._volumes.values() if name in v.labels and value in ("", v.labels[name])]

    def remove(self, name: str) -> None:
        self._volumes.pop(name, None)
        self.files.pop(name, None)

    def remove_anonymous(self, mounts: Iterable[MountPoint]) -> None:
        for mount in mounts:
            if mount.source in self._anonymous:
                self.remove(mount.source)

    def _put(self, volume: Volume) -> None:
        self._volumes.setdefault(volume.name, volume)
        self.files.setdefault(volume.name, {})

    def _new(self) -> str:
        name = f"{next(self._numbers):064x}"
        self._anonymous.add(name)
        self._put(Volume(name))
        return name
