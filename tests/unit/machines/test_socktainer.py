"""socktainer: a socket, and a clock per container."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from dfdev.cli.clocking import not_ours
from dfdev.core.machine import Machine
from dfdev.core.providers import Owner
from dfdev.machines import socktainer
from dfdev.machines.place import Place
from tests.fakes.commands import FakeCommands


@pytest.mark.parametrize(("there", "state"), [(True, "running"), (False, "stopped")])
def test_its_socket_tells(there: bool, state: str) -> None:
    (found,) = socktainer.machines(FakeCommands({"HOME": "/Users/me"}), lambda _path: there)
    assert (found.state, found.host) == (state, "unix:///Users/me/.socktainer/container.sock")


def test_a_file_that_is_left_is_no_server(tmp_path: Path) -> None:
    path = tmp_path / "s"
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(path))
    server.listen()
    assert socktainer.listening(str(path))
    server.close()
    assert path.exists() and not socktainer.listening(str(path))


def test_its_engines_clock_is_not_the_containers() -> None:
    place = Place(Owner("socktainer"), "unix:///s", FakeCommands(), Machine("socktainer"))
    assert not place.can_set_clock
    assert "gives each container a clock of its own" in not_ours(place).message
