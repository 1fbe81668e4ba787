"""An engine that hangs, dies in the middle, or has no room left: a verdict in time, and afterwards `up` goes on."""

from __future__ import annotations

import contextlib
import os
import random
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import machine
from tests.e2e.conftest import NewLab
from tests.e2e.lab import Lab, unused_port
from tests.e2e.trouble import assert_fails, assert_settled, ready, wait_until, web
from tests.machine import root

pytestmark = [pytest.mark.engine, pytest.mark.timeout(300)]
FreePort = Callable[[], int]

PATIENCE = 2
"""Seconds that dfdev gives the engine."""


def with_small_image(engine: machine.Engine, source: str) -> machine.Engine:
    """The only image that these tests run, from the engine that has it."""
    command = f"{engine.docker} -H {source} save dfdev/small:1 | {engine.docker} -H {engine.host} load -q"
    subprocess.run(["sh", "-c", command], check=True, timeout=60, capture_output=True)
    return engine


@pytest.fixture(scope="module")
def own_engine(engine: machine.Engine) -> Iterator[machine.Engine]:
    """To be stopped, killed, restarted."""
    own = machine.start("28", name="faults")
    yield with_small_image(own, engine.host)
    own.destroy()


@pytest.fixture
def own_lab(new_lab: NewLab, own_engine: machine.Engine, free_port: FreePort) -> Lab:
    lab = new_lab("own", own_engine.host)
    return ready(lab, web(free_port()) + web(free_port(), "api", 'depends_on = ["www"]'), "www", "api")


@pytest.fixture(scope="module")
def running_lab(own_engine: machine.Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Up, for all commands that an engine which hangs leaves without an answer: none of them may change anything."""
    home, user = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("user")
    lab = Lab(home, user, own_engine.host, f"hung-{os.getpid()}")
    ready(lab, web(unused_port()) + web(unused_port(), "api", 'depends_on = ["www"]'), "www", "api").up().ok()
    yield lab
    lab.clean()


@pytest.mark.parametrize("command", ["status", "up", "down", "restart", "logs", "exec www true", "open"])
def test_an_engine_that_hangs(own_engine: machine.Engine, running_lab: Lab, command: str) -> None:
    """It takes connections and answers nothing: a verdict within the deadline, and it works again afterwards."""
    before = running_lab.containers()
    own_engine.pause()
    try:
        began = time.monotonic()
        done = running_lab.dfdev(*command.split(), env={"DFDEV_ENGINE_TIMEOUT": str(PATIENCE)}, timeout=30)
        took = time.monotonic() - began
    finally:
        own_engine.resume()
    assert_fails(done, 5, own_engine.host, "DOCKER_HOST", f"within {PATIENCE} s", "systemctl restart docker")
    assert PATIENCE <= took < PATIENCE + 3
    assert running_lab.containers() == before
    assert_settled(running_lab)


def test_one_that_begins_to_hang_in_the_middle(own_engine: machine.Engine, own_lab: Lab, free_port: FreePort) -> None:
    own_lab.workspace(f'''[services.app]
image = "dfdev/small:1"
ports = ["{free_port()}:80"]
health = {{ tcp = true, timeout = "60s" }}
''')
    process = own_lab.start("up", env={"DFDEV_ENGINE_TIMEOUT": str(PATIENCE)})
    try:
        wait_until(lambda: own_lab.containers(), 20, "the container")
        assert process.stderr
        wait_until(lambda: "start app" in process.stderr.readline(), 20, "its start")  # type: ignore[union-attr]
        own_engine.pause()
        _, err = process.communicate(timeout=30)
    finally:
        own_engine.resume()
    assert process.returncode == 5, err
    assert "did not answer within" in err
    assert "Traceback" not in err
    own_lab.workspace('[services.app]\nimage = "dfdev/small:1"\n')
    own_lab.up().ok()
    assert_settled(own_lab)


def test_restarted_in_the_middle_of_up(own_engine: machine.Engine, own_lab: Lab) -> None:
    """Whatever that `up` says, it ends in time and without a traceback; the next one converges."""
    for turn in range(3):
        own_lab.clean()
        process = own_lab.start("up", env={"DFDEV_ENGINE_TIMEOUT": "5"})
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(random.uniform(0.2, 1.2))
        (own_engine.restart if turn % 2 else own_engine.kill)()
        if not own_engine.pid:
            own_engine.restart()
        _, err = process.communicate(timeout=60)
        assert "Traceback" not in err, err
        assert process.returncode in (0, 1, 5), err
        assert process.returncode == 0 or "\ntry: " in err, err
        own_lab.up().ok()
        assert_settled(own_lab)
        assert sorted(own_lab.containers()) == ["api", "www"]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    root.run(["mount", "-t", "tmpfs", "-o", "size=64m,mode=0755", "tmpfs", str(folder)])
    yield folder
    root.run(["umount", "--lazy", str(folder)])


@pytest.fixture
def cramped(engine: machine.Engine, small_disk: Path) -> Iterator[machine.Engine]:
    own = machine.start("28", name="cramped", settings={"data-root": str(small_disk)})
    yield with_small_image(own, engine.host)
    own.destroy()


def fill(disk: Path) -> None:
    """To the last byte."""
    for size in ("64k", "1"):
        root.run(["sh", "-c", f"dd if=/dev/zero of='{disk}/filler-{size}' bs={size}; true"])


def free(disk: Path) -> None:
    root.run(["sh", "-c", f"rm -f '{disk}'/filler-*"])


def test_no_space_left(cramped: machine.Engine, new_lab: NewLab, small_disk: Path, free_port: FreePort) -> None:
    """From the first step on, and for a service that comes later: the others are left alone."""
    www = web(free_port())
    lab = ready(new_lab("cramped", cramped.host), www, "www", "api")
    for text, names in ((www, {"www"}), (www + web(free_port(), "api"), {"www", "api"})):
        before = lab.containers()
        lab.workspace(text)
        fill(small_disk)
        for _ in range(2):
            assert_fails(lab.up(), 5, "the engine's disk is full", "docker system df")
            assert lab.containers() == before
        free(small_disk)
        lab.up().ok()
        assert_settled(lab)
        assert lab.containers().keys() == names
        assert lab.containers().items() >= before.items()
    lab.clean()
