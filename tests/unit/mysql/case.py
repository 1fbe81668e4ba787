"""A workspace with a database on the engine in memory."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from dfdev.core.events import Event
from dfdev.core.ours import by_service
from dfdev.core.reconcile import Choices, reconcile
from dfdev.engine.endpoint import Endpoint
from dfdev.machines.locate import Located
from dfdev.mysql.baked import Baked
from dfdev.mysql.database import Database, existing
from dfdev.mysql.renew import Renewed, renew
from dfdev.stack.act import Actor
from dfdev.stack.execute import execute
from dfdev.stack.ready import Readiness
from dfdev.stack.site import Site
from dfdev.workspace.load import load
from tests.fakes.commands import FakeCommands
from tests.fakes.engine import FakeEngine
from tests.fakes.mysql import FakeMysql

IMAGE = "shop/mysql:dev"
BAKED = Baked("ab" * 32, 1_700_000_000.0, "MySQL 9.7.0", 1, {"shop.play": 2, "shop.night": 5})


class Case:
    """`fixtures`: labels of the image, as `mysql build` makes them, unless they are None."""

    def __init__(
        self,
        folder: Path,
        port: int,
        *,
        baked: Baked | None = BAKED,
        kind: type[FakeEngine] = FakeEngine,
        services: str = "",
        **engine: Any,
    ) -> None:
        (folder / "dfdev.toml").write_text(
            f'[workspace]\nname = "shop"\n[mysql]\nimage = "{IMAGE}"\nport = {port}\nuser = "dev"\npassword = "dev"\n'
            + services
        )
        self.server = FakeMysql()
        self.server.rows = {"shop.play": 2, "shop.night": 5}
        self.engine = kind(images={IMAGE: "sha256:1"}, on_exec=self.server.exec, on_pipe=self.server.pipe, **engine)
        if baked is not None:
            self.engine.label_image(IMAGE, baked.labels())
        located = Located(Endpoint("unix:///here.sock", "a test"), None)
        self.site = Site(load(folder, {}), located, self.engine, 0, 0, FakeCommands({"HOME": str(folder)}))
        self.said: list[Event] = []

    def up(self, *, wait: bool = True) -> None:
        """As `dfdev up` makes it. `wait`: until it greets."""
        desired, observed = self.site.look()
        plan = reconcile(desired, observed, Choices())
        if not wait:
            plan = replace(plan, actions=tuple(a for a in plan.actions if a.verb != "wait for"))
        ready = Readiness(self.engine, "127.0.0.1")
        execute(plan, Actor(self.engine, desired, ready, self.said.append, {}, self.site.gate), self.said.append)

    @property
    def database(self) -> Database:
        found = existing(self.site)
        assert found is not None
        return found

    def renew(self, image: str = IMAGE) -> Renewed:
        return renew(self.site, image, existing(self.site), self.said.append)

    def ids(self) -> list[str]:
        return [c.id for name, c in by_service("shop", self.engine.containers()).items() if name == "mysql"]


class Publishing(FakeEngine):
    """What its containers publish can be reached: on each of their ports a server greets as MySQL does."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self._servers: dict[str, list[socket.socket]] = {}

    def start(self, id: str) -> None:
        was = self._box(id).container.running
        super().start(id)
        if not was:
            ports = self._box(id).container.ports
            self._servers[id] = [socket.create_server(("127.0.0.1", port.host)) for port in ports]
            for server in self._servers[id]:
                threading.Thread(target=_greet, args=(server,), daemon=True).start()

    def stop(self, id: str, seconds: int) -> None:
        super().stop(id, seconds)
        self._hang_up(id)

    def remove(self, id: str, *, volumes: bool = False) -> None:
        super().remove(id, volumes=volumes)
        self._hang_up(id)

    def _hang_up(self, id: str) -> None:
        for server in self._servers.pop(id, ()):
            server.shutdown(socket.SHUT_RDWR)  # or else whoever accepts goes on listening
            server.close()


@contextmanager
def greeted() -> Iterator[int]:
    """A port on which a server greets as MySQL does."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=_greet, args=(listening,), daemon=True).start()
        yield listening.getsockname()[1]


def _greet(listening: socket.socket) -> None:
    while True:
        try:
            connection, _ = listening.accept()
        except OSError:
            return
        with connection:
            connection.sendall(b"\x00\x00\x00\x00\x0a")
