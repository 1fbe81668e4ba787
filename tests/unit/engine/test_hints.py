"""What to type when the engine does not answer, told from its address."""

from __future__ import annotations

import pytest

from dfdev.engine import hints
from dfdev.engine.endpoint import Endpoint


@pytest.mark.parametrize(
    ("host", "start", "restart"),
    [
        ("unix:///Users/me/.colima/default/docker.sock", "colima start default", "colima restart default"),
        ("unix:///Users/me/.colima/docker.sock", "colima start", "colima restart"),
        ("unix:///Users/me/.orbstack/run/docker.sock", "orb start", "orb stop && orb start"),
        ("unix:///Users/me/.rd/docker.sock", "rdctl start", "rdctl shutdown && rdctl start"),
        ("unix:///Users/me/.docker/run/docker.sock", "docker desktop start", "docker desktop restart"),
        (
            "unix:///Users/me/.lima/dev/sock/docker.sock",
            "limactl start dev",
            "limactl stop -f dev && limactl start dev",
        ),
        ("unix:///var/folders/x/podman/machine-api.sock", "podman machine start", "podman machine stop"),
    ],
)
def test_products_by_their_sockets(host: str, start: str, restart: str) -> None:
    endpoint = Endpoint(host, "DOCKER_HOST")
    assert f"`{start}`" in hints.start(endpoint, "darwin")
    assert restart in hints.restart(endpoint, "darwin")


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
