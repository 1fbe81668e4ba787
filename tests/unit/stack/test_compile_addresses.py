"""Where ports are published: on loopback, and on the address of a VirtualBox machine, which forwards nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from dfdev.core.desired import Port
from dfdev.core.observed import EngineInfo
from dfdev.core.providers import Owner
from dfdev.engine.endpoint import Endpoint
from dfdev.machines.locate import Located
from dfdev.stack.site import Site
from dfdev.workspace.load import load
from tests.fakes.commands import FakeCommands
from tests.fakes.engine import FakeEngine

TOML = """
[registry]
image = "registry:3"
[mysql]
image = "mysql:dev"
[services.www]
image = "www:dev"
ports = ["8000:80", "8443:443"]
[services.worker]
image = "www:dev"
"""
BOTH = ("127.0.0.1", "192.168.59.103")
ALONE = ("127.0.0.1",)
B2D = EngineInfo("1.7.0", "1.19", "Boot2Docker 1.7.0", "boot2docker")


def site(folder: Path, host: str, owner: str | None, info: EngineInfo = B2D) -> Site:
    (folder / "dfdev.toml").write_text(TOML)
    located = Located(Endpoint(host, "a test"), Owner(owner) if owner else None)
    return Site(load(folder, {}), located, FakeEngine(info=info), 0, 0, FakeCommands({}))


@pytest.mark.parametrize(
    ("host", "owner", "addresses"),
    [
        ("tcp://192.168.59.103:2376", "boot2docker", BOTH),
        ("tcp://192.168.59.103:2376", "docker-machine", BOTH),
        ("tcp://192.168.1.20:2376", "docker-machine", ALONE),  # the generic driver, in an office's network
        ("tcp://192.168.59.103:2376", None, BOTH),  # the engine itself says boot2docker
        ("tcp://192.168.59.103:2376", "remote", ALONE),  # another computer of the same home network
        ("tcp://203.0.113.9:2376", "docker-machine", ALONE),  # in a cloud: never open to the world
        ("tcp://10.0.0.5:2376", "docker-machine", ALONE),
        ("ssh://me@192.168.59.103", "boot2docker", ALONE),
        ("tcp://127.0.0.1:2376", "docker-machine", ALONE),
        ("tcp://192.168.example.com:2376", "docker-machine", ALONE),  # a name that only looks like it
        ("unix:///var/run/docker.sock", "colima", ALONE),
        ("unix:///var/run/docker.sock", "native", ALONE),
    ],
)
def test_addresses(tmp_path: Path, host: str, owner: str | None, addresses: tuple[str, ...]) -> None:
    desired, _ = site(tmp_path, host, owner).look()
    published = {service.name: service.ports for service in desired.services}
    assert published["www"] == tuple(Port(h, c, a) for h, c in ((8000, 80), (8443, 443)) for a in addresses)
    for name, port in (("registry", 5000), ("mysql", 3306)):
        assert published[name] == tuple(Port(port, port, address) for address in addresses)
    assert published["worker"] == ()
