"""`dfdev images bootstrap` on a real engine of its own: with Docker Hub, and without."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import machine
from tests.e2e.lab import DFDEV

pytestmark = [pytest.mark.engine, pytest.mark.timeout(600)]

HUB_PORT = 5999


@contextmanager
def engine_of_our_own(settings: Mapping[str, object] | None = None) -> Iterator[machine.Engine]:
    """Without any image."""
    engine = machine.start("28", name="images-test", settings=settings)
    try:
        yield engine
    finally:
        engine.destroy()


def bootstrap(engine: machine.Engine, *args: str, env: Mapping[str, str] | None = None) -> str:
    """What the command wrote, on both streams; it must succeed."""
    environ = {**os.environ, **engine.env, **(env or {})}
    command = [str(DFDEV), "images", "bootstrap", *args]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=500, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def docker(engine: machine.Engine, *args: str) -> str:
    command = [engine.docker, "-H", engine.host, *args]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_without_the_hub_images_are_made_from_debian_packages_once() -> None:
    with engine_of_our_own({"registry-mirrors": ["http://127.0.0.1:9"]}) as engine:
        said = bootstrap(engine, "small", "--verbose")
        assert "mmdebstrap makes Debian bookworm" in said
        assert "build" not in bootstrap(engine, "small", "--dry-run")
        assert docker(engine, "run", "--rm", "dfdev/small:1", "sh", "-c", "echo ok | cat") == "ok"


@pytest.fixture
def hub(engine28: machine.Engine) -> Iterator[str]:
    """Our own registry as a mirror of Docker Hub, with Debian in it: to a daemon, this is the Hub answering."""
    bootstrap(engine28, "registry")
    container = docker(engine28, "run", "-d", "--init", "-p", f"127.0.0.1:{HUB_PORT}:5000", "dfdev/registry:2")
    try:
        copy = f"127.0.0.1:{HUB_PORT}/library/debian:bookworm-slim"
        docker(engine28, "tag", "dfdev/debian:bookworm", copy)
        docker(engine28, "push", copy)
        docker(engine28, "rmi", copy)
        yield f"http://127.0.0.1:{HUB_PORT}"
    finally:
        docker(engine28, "rm", "-f", "-v", container)


def test_with_the_hub_debian_is_pulled(hub: str, tmp_path: Path) -> None:
    for tool in ("sh", "apt-get"):
        (tmp_path / tool).symlink_to(str(shutil.which(tool)))
    with engine_of_our_own({"registry-mirrors": [hub]}) as engine:
        bootstrap(engine, "small", env={"PATH": str(tmp_path)})
        pulled = docker(engine, "image", "inspect", "--format", "{{index .RootFS.Layers 0}}", "debian:bookworm-slim")
        base = docker(engine, "image", "inspect", "--format", "{{index .RootFS.Layers 0}}", "dfdev/debian:bookworm")
        assert pulled == base
        assert docker(engine, "images", "-q", "dfdev/rootfs") == ""


def test_fixtures_are_baked_in_the_order_of_their_names_and_root_has_no_way_in_over_tcp(
    engine28: machine.Engine, tmp_path: Path
) -> None:
    bootstrap(engine28, "mysql")
    (tmp_path / "Dockerfile").write_text("FROM dfdev/mysql:9\nCOPY *.sql /fixtures/\nRUN bake-fixtures\n")
    (tmp_path / "2-rows.sql").write_text("INSERT INTO drama VALUES (1, 'Küß mich'), (2, 'zwei');")
    (tmp_path / "1-table.sql").write_text("CREATE TABLE drama (id INT PRIMARY KEY, title VARCHAR(50));")
    tag = f"dfdev-test/mysql:{os.getpid()}"
    docker(engine28, "build", "-q", "-t", tag, str(tmp_path))
    try:
        query = "SELECT title FROM dev.drama ORDER BY id; SELECT id, files FROM dfdev_meta.fixture"
        query += "; SELECT host FROM mysql.user WHERE user = 'root'"
        assert ask_mysql(engine28, tag, query) == "Küß mich\nzwei\n1\t2\nlocalhost"
    finally:
        docker(engine28, "rmi", "-f", tag)


def test_a_fixture_with_an_error_fails_the_build_and_is_named(engine28: machine.Engine, tmp_path: Path) -> None:
    bootstrap(engine28, "mysql")
    (tmp_path / "Dockerfile").write_text("FROM dfdev/mysql:9\nCOPY *.sql /fixtures/\nRUN bake-fixtures\n")
    (tmp_path / "broken.sql").write_text("CREATE TABEL drama;")
    command = [engine28.docker, "-H", engine28.host, "build", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode != 0
    assert "broken.sql has an error" in done.stdout + done.stderr


def ask_mysql(engine: machine.Engine, image: str, query: str) -> str:
    """The answer over TCP with the developer's password, as soon as the server gives one."""
    container = docker(engine, "run", "-d", "--init", image)
    try:
        mysql = "mysql -h127.0.0.1 -udev -pdev --default-character-set=utf8mb4 -N"
        retry = f'until {mysql} -e "$1" 2>/dev/null; do sleep 0.1; done'
        return docker(engine, "exec", container, "timeout", "60", "sh", "-c", retry, "sh", query)
    finally:
        docker(engine, "rm", "-f", "-v", container)


def test_json_is_one_document_and_a_wrong_name_a_usage_error(engine28: machine.Engine) -> None:
    bootstrap(engine28, "small")
    environ = {**os.environ, **engine28.env}
    command = [str(DFDEV), "images", "bootstrap", "--json"]
    asked = subprocess.run([*command, "small"], env=environ, capture_output=True, text=True, check=True)
    assert json.loads(asked.stdout)["plan"] == []
    wrong = subprocess.run([*command, "smal"], env=environ, capture_output=True, text=True, check=False)
    assert wrong.returncode == 2
    assert "smal" in json.loads(wrong.stdout)["error"]["message"]


def test_the_module_and_the_command_are_the_same(engine28: machine.Engine) -> None:
    environ = {**os.environ, **engine28.env}
    command = [sys.executable, "-m", "dfdev", "images", "bootstrap", "--dry-run", "small"]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=True)
    assert done.stdout.strip() in bootstrap(engine28, "--dry-run", "small")


def test_node_of_any_age_comes_with_an_npm_that_it_runs(engine28: machine.Engine) -> None:
    bootstrap(engine28, "node", "node:0.10")
    ask = ("sh", "-c", "node --version; npm --version; id -u node; which gcc python3 || true")
    node, npm, *rest = docker(engine28, "run", "--rm", "dfdev/node:24", *ask).splitlines()
    assert (node.split(".")[0], npm.split(".")[0], rest) == ("v24", "11", ["1000"])
    node, npm, *rest = docker(engine28, "run", "--rm", "dfdev/node:0.10", *ask).splitlines()
    assert (node.rsplit(".", 1)[0], npm.split(".")[0], rest) == ("v0.10", "2", ["1000"])
    assert "nothing to do" in bootstrap(engine28, "node", "node:0.10", "--dry-run")
