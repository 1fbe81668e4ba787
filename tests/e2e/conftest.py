"""Workspaces on real engines, for tests that run the installed command."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import machine
from tests.e2e.images import ensure
from tests.e2e.lab import Lab

NewLab = Callable[..., Lab]


@pytest.fixture(scope="session")
def engine(engine28: machine.Engine) -> machine.Engine:
    """Engine 28 with the images that the tests run."""
    ensure(engine28.host)
    return engine28


@pytest.fixture
def new_lab(engine: machine.Engine, tmp_path: Path) -> Iterator[NewLab]:
    """Makes workspaces by name; what they started is removed at the end."""
    labs: list[Lab] = []

    def make(name: str = "lab", docker_host: str = "") -> Lab:
        home, user = tmp_path / name, tmp_path / "user"
        home.mkdir()
        user.mkdir(exist_ok=True)
        labs.append(Lab(home, user, docker_host or engine.host, f"{name}-{tmp_path.name[-12:]}".replace("_", "-")))
        return labs[-1]

    yield make
    for lab in labs:
        lab.clean()


@pytest.fixture
def lab(new_lab: NewLab) -> Lab:
    return new_lab()


@pytest.fixture
def free_port() -> Callable[[], int]:
    """Ports that nobody listens on now, no two the same."""
    given: set[int] = set()

    def take() -> int:
        while True:
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                port: int = probe.getsockname()[1]
            if port not in given:
                given.add(port)
                return port

    return take
