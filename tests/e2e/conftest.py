"""Workspaces on real engines, for tests that run the installed command."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import machine
from tests.e2e.frontend_lab import ensure_node
from tests.e2e.images import copy, ensure
from tests.e2e.lab import Lab, unused_port
from tests.e2e.mysql_lab import MysqlLab
from tests.mysql.dataset import Flavour
from tests.vm.fixtures import awake_vm as awake_vm
from tests.vm.fixtures import s3_port as s3_port
from tests.vm.fixtures import vm as vm
from tests.vm.fixtures import vm_home as vm_home
from tests.vm.fixtures import vm_lab as vm_lab

NewLab = Callable[..., Lab]


@pytest.fixture(scope="session")
def engine(engine28: machine.Engine) -> machine.Engine:
    """Engine 28 with the images that the tests run."""
    ensure(engine28.host)
    return engine28


@pytest.fixture(scope="session")
def old_engine(engine: machine.Engine, engine2010: machine.Engine) -> machine.Engine:
    """Engine 20.10 with the same images."""
    copy(engine.host, engine2010.host)
    return engine2010


@pytest.fixture(scope="session")
def node_engine(engine28: machine.Engine) -> machine.Engine:
    """Engine 28 with what the front end's image stands on."""
    ensure_node(engine28)
    return engine28


@pytest.fixture
def new_lab(engine: machine.Engine, tmp_path: Path) -> Iterator[NewLab]:
    """Makes workspaces by name, unlike those of other runs at the same time; what they started goes at the end."""
    labs: list[Lab] = []

    def make(name: str = "lab", docker_host: str = "") -> Lab:
        home, user = tmp_path / name, tmp_path / "user"
        home.mkdir()
        user.mkdir(exist_ok=True)
        run = tmp_path.parent.name.rpartition("-")[2]
        unlike = f"{name}-{run}-{tmp_path.name[-12:]}".replace("_", "-").lower()
        labs.append(Lab(home, user, docker_host or engine.host, unlike))
        return labs[-1]

    yield make
    for lab in labs:
        lab.clean()


@pytest.fixture
def lab(new_lab: NewLab) -> Lab:
    return new_lab()


@pytest.fixture
def old_lab(old_engine: machine.Engine, new_lab: NewLab) -> Lab:
    """A workspace on Engine 20.10."""
    return new_lab("old", old_engine.host)


@pytest.fixture
def compose(engine28: machine.Engine, tmp_path: Path) -> Callable[..., str]:
    """`docker compose` on the engine of a workspace."""

    def run(lab: Lab, *args: str) -> str:
        plugins = tmp_path / "docker" / "cli-plugins"
        plugins.mkdir(parents=True, exist_ok=True)
        (plugins / "docker-compose").unlink(missing_ok=True)
        (plugins / "docker-compose").symlink_to(engine28.compose)
        environ = {**os.environ, "DOCKER_HOST": lab.docker_host, "DOCKER_CONFIG": str(tmp_path / "docker")}
        command = [str(engine28.docker), "compose", *args]
        return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=True).stdout

    return run


@pytest.fixture
def free_port() -> Callable[[], int]:
    """Ports that nobody listens on now, no two the same."""
    given: set[int] = set()

    def take() -> int:
        port = next(port for port in iter(unused_port, 0) if port not in given)
        given.add(port)
        return port

    return take


@pytest.fixture
def new_mysql(new_lab: NewLab, free_port: Callable[[], int]) -> Iterator[Callable[..., MysqlLab]]:
    """Makes workspaces with a database; their images and snapshots go at the end."""
    made: list[MysqlLab] = []

    def make(flavour: Flavour = "mysql", name: str = "my") -> MysqlLab:
        made.append(MysqlLab(new_lab(name), flavour, free_port()))
        return made[-1]

    yield make
    for mine in made:
        mine.clean()


@pytest.fixture
def mysql(new_mysql: Callable[..., MysqlLab]) -> MysqlLab:
    return new_mysql()
