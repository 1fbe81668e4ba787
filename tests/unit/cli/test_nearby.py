"""A machine of docker-machine's that is another computer."""

from __future__ import annotations

from pathlib import Path

import pytest

from dfdev.cli.nearby import must_be_near
from dfdev.core.machine import Machine
from dfdev.engine.endpoint import Endpoint
from dfdev.machines.locate import Located
from dfdev.workspace.consent import NotAllowed, asks_of, remember
from dfdev.workspace.load import load

ENDPOINT = Endpoint("tcp://198.51.100.7:2376", "a test")


def located(*, cloud: bool) -> Located:
    return Located(ENDPOINT, None, "docker-machine", "prod", machine=Machine("docker-machine", "prod", cloud=cloud))


def test_a_machine_in_a_cloud_is_asked_about(tmp_path: Path) -> None:
    (tmp_path / "dfdev.toml").write_text('[machine]\nprovider = "docker-machine"\nprofile = "prod"\n')
    environ = {"HOME": str(tmp_path / "user")}
    must_be_near(load(tmp_path, environ), located(cloud=False))
    with pytest.raises(NotAllowed, match="the engine docker-machine prod") as caught:
        must_be_near(load(tmp_path, environ), located(cloud=True))
    remember(tmp_path, asks_of(caught.value), environ)
    must_be_near(load(tmp_path, environ), located(cloud=True))


def test_one_that_the_users_own_docker_leads_to_is_not(tmp_path: Path) -> None:
    (tmp_path / "dfdev.toml").write_text("")
    must_be_near(load(tmp_path, {}), located(cloud=True))
