"""What a contract test needs of an engine: a network, an image, everything removed after."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from dfdev.core import labels
from dfdev.core.desired import Desired, Service
from dfdev.core.observed import Container
from dfdev.engine.endpoint import Endpoint
from dfdev.engine.open import OpenEngine, open_engine
from dfdev.engine.protocol import ContainerSpec, Engine
from tests.machine.busybox import IMAGE as IMAGE

FOREVER = ("sleep", "1000000")

T = TypeVar("T")


class Rig:
    """`kind`: fake, 28 or 20.10. `name` is a workspace of this test's own."""

    def __init__(self, engine: Engine, kind: str, name: str, folder: Path, docker: list[str]) -> None:
        self.engine = engine
        self.kind = kind
        self.name = name
        self.folder = folder
        self._docker = docker
        self._network = ""

    @property
    def network(self) -> str:
        """Its name; made on first use."""
        if not self._network:
            self._network = f"{self.name}_default"
            self.engine.create_network(self._network, {labels.WORKSPACE: self.name})
        return self._network

    def spec(self, service: str = "www", **changes: Any) -> ContainerSpec:
        wanted = replace(Service(service, IMAGE, command=FOREVER), **changes)
        desired = Desired(self.name, str(self.folder), (wanted,))
        return ContainerSpec(desired.container_name(service), wanted, self.network, labels.for_service(desired, wanted))

    def create(self, service: str = "www", **changes: Any) -> str:
        return self.engine.create(self.spec(service, **changes))

    def run(self, service: str = "www", **changes: Any) -> str:
        id = self.create(service, **changes)
        self.engine.start(id)
        return id

    def seen(self, id: str) -> Container | None:
        """As the list tells it."""
        return next((c for c in self.engine.containers() if c.id == id), None)

    @property
    def host(self) -> str:
        """Address of a real engine."""
        return self._docker[-1]

    def docker(self, *argv: str) -> str:
        """The docker CLI, for what dfdev has no call for."""
        done = subprocess.run([*self._docker, *argv], check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def clean(self) -> None:
        for container in self.engine.containers():
            if container.claims.get(labels.WORKSPACE) == self.name:
                self.engine.remove(container.id)
        for network in self.engine.networks(f"{self.name}_default"):
            self.engine.remove_network(network.id)


def connected(host: str, timeout: float | None = None) -> OpenEngine:
    """dfdev's own adapter for an engine at that address."""
    return open_engine(Endpoint(host, "a test"), {}, timeout)


def provided(engine: Engine, tar: Path) -> None:
    """The test image is there."""
    if engine.image_id(IMAGE) is None:
        engine.import_image(tar, IMAGE)


def soon(look: Callable[[], T], seconds: float = 20.0) -> T:
    """The first true answer; fails after `seconds`."""
    end = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < end, f"not within {seconds:.0f} s; the last look gave {found!r}"
        time.sleep(0.02)
    return found


def unique(kind: str) -> str:
    return f"t{kind.replace('.', '')}-{os.getpid()}-{time.monotonic_ns() % 10**9:09d}"
