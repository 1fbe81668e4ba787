"""An engine that is not there, not ours to talk to, or not the one that was meant: exit code 5, and its address."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.lab import Lab
from tests.e2e.trouble import NOBODY, as_user, assert_fails, dfdev_as, ready, web

pytestmark = pytest.mark.engine
COMMANDS = ("up", "status", "down", "restart", "logs")


@pytest.fixture
def place(lab: Lab) -> Lab:
    """A workspace that holds; nothing of it runs."""
    return ready(lab, web(18433), "www")


@contextmanager
def deaf_socket(path: Path) -> Iterator[str]:
    """Bound, but nobody listens: what a daemon that died leaves behind."""
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(path))
        yield f"unix://{path}"


@pytest.mark.parametrize("command", COMMANDS)
def test_no_engine(
    place: Lab, tmp_path_factory: pytest.TempPathFactory, free_port: Callable[[], int], command: str
) -> None:
    folder = tmp_path_factory.mktemp("s")
    missing, refused = f"unix://{folder}/none.sock", f"tcp://127.0.0.1:{free_port()}"
    with deaf_socket(folder / "deaf.sock") as deaf:
        for host, why in ((missing, "no such socket"), (deaf, "nothing listens"), (refused, "nothing listens")):
            done = place.dfdev(command, env={"DOCKER_HOST": host})
            assert_fails(done, 5, "no Docker engine at", host, "DOCKER_HOST", why)


def test_no_engine_as_json(place: Lab) -> None:
    done = place.dfdev("status", "--json", env={"DOCKER_HOST": "unix:///nowhere/docker.sock"})
    assert done.code == 5
    assert "no Docker engine" in json.loads(done.out)["error"]["message"]


def test_a_socket_that_belongs_to_others(place: Lab) -> None:
    """Another user, not in the docker group, on the real engine's socket."""
    place.user.chmod(0o777)
    for command in COMMANDS:
        done = dfdev_as(as_user(NOBODY), place, command, env={"HOME": str(place.user)})
        assert_fails(done, 5, "no permission for the engine at", place.docker_host, "usermod -aG docker")


def test_a_member_of_the_sockets_group_may(place: Lab) -> None:
    place.user.chmod(0o777)
    group = Path(place.docker_host.removeprefix("unix://")).stat().st_gid
    done = dfdev_as(as_user(NOBODY, group), place, "status", env={"HOME": str(place.user)})
    assert "absent" in done.ok().out


def test_an_unknown_context_is_named(place: Lab) -> None:
    env = {"DOCKER_HOST": "", "DOCKER_CONTEXT": "colmia"}
    for command in COMMANDS:
        assert_fails(place.dfdev(command, env=env), 5, "colmia")
    config = place.user / ".docker/config.json"
    config.parent.mkdir()
    config.write_text('{"currentContext": "limaa"}')
    assert_fails(place.dfdev("up", env={"DOCKER_HOST": ""}), 5, "limaa", "config.json")


def test_an_address_that_is_none(place: Lab) -> None:
    assert_fails(place.dfdev("up", env={"DOCKER_HOST": "ftp://engine"}), 5, "DOCKER_HOST", "ftp://engine")


@pytest.mark.parametrize("patience", ["soon", "0", "-1", "nan"])
def test_a_deadline_that_is_none(place: Lab, patience: str) -> None:
    done = place.dfdev("status", env={"DFDEV_ENGINE_TIMEOUT": patience})
    assert_fails(done, 3, "DFDEV_ENGINE_TIMEOUT", patience)
