"""The database while the engine is killed or has no room left: nothing is half there, and the next command works."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import machine
from tests.e2e.conftest import NewLab
from tests.e2e.mysql_lab import SMALL, MysqlLab
from tests.e2e.test_faults_engine import fill, free
from tests.e2e.test_mysql_faults import build_containers, inserts, rows, rows_in_flight, state, tags, under_way
from tests.e2e.trouble import assert_fails, wait_until
from tests.machine import processes, root

pytestmark = [pytest.mark.engine, pytest.mark.timeout(180)]
IMAGE = "dfdev/mariadb:10"
"""The smaller one."""


@pytest.fixture(scope="module")
def small_disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("disk")
    root.run(["mount", "-t", "tmpfs", "-o", "size=2g,mode=0755", "tmpfs", str(folder)])
    yield folder
    root.run(["umount", "--lazy", str(folder)])


@pytest.fixture(scope="module")
def own_engine(engine: machine.Engine, small_disk: Path) -> Iterator[machine.Engine]:
    """To be killed, and to be filled to the last byte."""
    own = machine.start("28", name="mysql-faults", settings={"data-root": str(small_disk)})
    try:
        command = f"{own.docker} -H {engine.host} save {IMAGE} | {own.docker} -H {own.host} load -q"
        subprocess.run(["sh", "-c", command], check=True, timeout=120, capture_output=True)
        yield own
    finally:
        own.destroy()


@pytest.fixture
def mine(new_lab: NewLab, own_engine: machine.Engine, free_port: object) -> Iterator[MysqlLab]:
    assert callable(free_port)
    mysql = MysqlLab(new_lab("own", own_engine.host), "mariadb", free_port())
    mysql.small(**{"01-play": SMALL, "02-more": inserts(2)})
    mysql.workspace()
    yield mysql
    mysql.clean()


@pytest.fixture
def running(mine: MysqlLab) -> MysqlLab:
    mine.mysql("build").ok()
    mine.lab.up().ok()
    return mine


BAKED = 22_001


def engine_killed_at(own: machine.Engine, mysql: MysqlLab, step: str, *args: str) -> None:
    """With all that runs in it, as when its machine goes down, and started again; what dfdev says meanwhile is an
    error that tells what to do.
    """
    process = under_way(mysql, step, *args)
    own.kill()
    _, err = process.communicate(timeout=60)
    socket = own.host.removeprefix("unix://").replace("docker.sock", "containerd.sock")
    for shim in processes.find("containerd-shim-runc-v2", socket):
        for pid in (*processes.children(shim), shim):
            root.signal(pid, "KILL")
    tasks = Path(socket).with_name("containerd") / "io.containerd.runtime.v2.task/moby"
    none_left = ["sh", "-c", f'[ -z "$(ls {tasks})" ]']
    wait_until(lambda: root.run(none_left, check=False) == 0, 20, "containerd to see that they are gone")
    own.restart()
    assert process.returncode in (1, 5), err
    assert "Traceback" not in err and "\ntry: " in err, err


def test_an_engine_that_is_killed_during_build(own_engine: machine.Engine, mine: MysqlLab) -> None:
    for step in ("load 02-more.sql", "make image"):
        engine_killed_at(own_engine, mine, step, "build")
        wait_until(lambda: not build_containers(mine), 20, "the container to end")
        assert tags(mine) == []
    assert mine.mysql("build", "--json").ok().json()["rows"] == {"dev.play": BAKED}
    assert build_containers(mine, "-a") == []
    mine.lab.up().ok()
    assert rows(mine) == BAKED


def test_an_engine_that_is_killed_during_reset_and_snapshot(own_engine: machine.Engine, running: MysqlLab) -> None:
    running.query("INSERT INTO play (title) VALUES ('Medea')")
    engine_killed_at(own_engine, running, "keep one", "snapshot", "one")
    assert running.mysql("snapshots", "--json").ok().json()["snapshots"] == []
    running.mysql("snapshot", "one").ok()
    for step in ("remove mysql", "wait for mysql"):
        engine_killed_at(own_engine, running, step, "reset", "--yes")
        running.mysql("reset", "--yes").ok()
        assert rows(running) == BAKED
    running.mysql("restore", "one", "--yes").ok()
    assert rows(running) == BAKED + 1


def test_an_engine_that_is_killed_during_import(own_engine: machine.Engine, running: MysqlLab, tmp_path: Path) -> None:
    file = tmp_path / "more.sql"
    file.write_text(inserts(25))
    engine_killed_at(own_engine, running, "load more.sql", "import", str(file))
    running.lab.up().ok()
    assert rows(running) == BAKED
    running.mysql("import", str(file)).ok()
    assert rows(running) == BAKED + 25 * 11_000


def test_no_space_left_for_a_snapshot(running: MysqlLab, small_disk: Path) -> None:
    running.query("UPDATE play SET title = 'Medea'")
    fill(small_disk)
    try:
        assert_fails(running.mysql("snapshot", "one"), 5, "the engine's disk is full", "docker system df")
    finally:
        free(small_disk)
    assert running.mysql("snapshots", "--json").ok().json()["snapshots"] == []
    assert state(running) == "running"
    running.mysql("snapshot", "one").ok()


def test_no_space_left_for_an_import(running: MysqlLab, small_disk: Path, tmp_path: Path) -> None:
    file = tmp_path / "more.sql"
    file.write_text(inserts(25))
    fill(small_disk)
    try:
        assert_fails(running.mysql("import", str(file)), 1, "more.sql", "the disk of the engine is full")
    finally:
        free(small_disk)
    wait_until(lambda: not rows_in_flight(running), 20, "the server to take it back")
    assert rows(running) == BAKED
    running.mysql("import", str(file)).ok()
    assert rows(running) == BAKED + 25 * 11_000


def test_no_space_left_for_a_build(mine: MysqlLab, small_disk: Path) -> None:
    fill(small_disk)
    try:
        done = mine.mysql("build")
        assert done.code in (1, 5)
        assert "Traceback" not in done.err and "disk" in done.err and "\ntry: " in done.err, done.err
    finally:
        free(small_disk)
    assert (tags(mine), build_containers(mine, "-a")) == ([], [])
    mine.mysql("build").ok()
