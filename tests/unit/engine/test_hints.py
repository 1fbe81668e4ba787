"""What to type when the engine does not answer, told from its address."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from dfdev.engine import hints
from dfdev.engine.endpoint import Endpoint

HOME: Mapping[str, str] = {"HOME": "/Users/me"}
MACHINE = {**HOME, "DOCKER_HOST": "tcp://192.168.99.100:2376", "DOCKER_MACHINE_NAME": "dev"}


@pytest.mark.parametrize(
    ("host", "start", "restart"),
    [
        ("unix:///Users/me/.colima/default/docker.sock", "colima start default", "colima restart default"),
        ("unix:///Users/me/.colima/docker.sock", "colima start default", "colima restart default"),
        ("unix:///Users/me/.orbstack/run/docker.sock", "orb start", "orb stop && orb start"),
        ("unix:///Users/me/.arcbox/run/docker.sock", "abctl daemon start", "abctl daemon stop && abctl daemon start"),
        (
            "unix:///Users/me/.socktainer/container.sock",
            "brew services start container && brew services start socktainer",
            "brew services restart socktainer",
        ),
        ("unix:///Users/me/.rd/docker.sock", "rdctl start", "rdctl shutdown && rdctl start"),
        ("unix:///Users/me/.docker/run/docker.sock", "docker desktop start", "docker desktop restart"),
        (
            "unix:///Users/me/.lima/dev/sock/docker.sock",
            "limactl start dev",
            "limactl stop -f dev && limactl start dev",
        ),
        (
            "unix:///var/folders/x/T/podman/work-api.sock",
            "podman machine start work",
            "podman machine stop work && podman machine start work",
        ),
        (
            "unix:///Users/me/.local/share/containers/podman/machine/podman.sock",
            "podman machine start",
            "podman machine stop && podman machine start",
        ),
        ("tcp://192.168.59.103:2376", "boot2docker up", "boot2docker restart"),
    ],
)
def test_products_by_their_sockets(host: str, start: str, restart: str) -> None:
    endpoint = Endpoint(host, "DOCKER_HOST")
    assert hints.start(endpoint, "darwin", HOME) == f"start it: `{start}`"
    assert hints.restart(endpoint, "darwin", HOME) == f"restart it: `{restart}`"


def test_the_variables_next_to_docker_host_explain_only_what_docker_host_gave() -> None:
    host = "tcp://192.168.99.100:2376"
    assert "`docker-machine start dev`" in hints.start(Endpoint(host, "DOCKER_HOST"), "darwin", MACHINE)
    assert "docker-machine" not in hints.start(Endpoint(host, "context old (DOCKER_CONTEXT)"), "darwin", MACHINE)


def test_the_context_tells_where_a_socket_does_not() -> None:
    endpoint = Endpoint("unix:///Volumes/work/vm/docker.sock", "context colima-work (currentContext in config.json)")
    assert hints.start(endpoint, "darwin", HOME) == "start it: `colima start work`"


def test_the_default_socket_by_platform() -> None:
    endpoint = Endpoint("unix:///var/run/docker.sock", "default socket")
    assert "systemctl start docker" in hints.start(endpoint, "linux")
    assert "shell/quickstart.sh" in hints.start(endpoint, "linux")
    assert "colima start" in hints.start(endpoint, "darwin")
    assert "systemctl restart docker" in hints.restart(endpoint, "linux")
    assert "colima restart" in hints.restart(endpoint, "darwin")


def test_an_address_elsewhere_names_its_source() -> None:
    endpoint = Endpoint("tcp://10.0.0.1:2375", "context old (DOCKER_CONTEXT)")
    assert "context old (DOCKER_CONTEXT)" in hints.start(endpoint, "linux")
    assert "context old (DOCKER_CONTEXT)" in hints.restart(endpoint, "linux")
    assert "usermod" not in hints.permission(endpoint)
