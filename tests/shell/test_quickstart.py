"""quickstart.sh: what it decides, on this machine and on a Mac (a stub `uname`), and what it does."""

from __future__ import annotations

import os
import subprocess
import urllib.request
from dataclasses import replace
from pathlib import Path

import pytest

from tests import machine
from tests.shell.quick import Laptop

pytestmark = [pytest.mark.engine, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where dfdev is installed, by the first test that needs it."""
    return str(tmp_path_factory.mktemp("data"))


@pytest.fixture
def laptop(tmp_path: Path, engine28: machine.Engine, data: str) -> Laptop:
    return Laptop(tmp_path, {"DOCKER_HOST": engine28.host, "XDG_DATA_HOME": data})


@pytest.fixture
def mac(tmp_path: Path, data: str) -> Laptop:
    """Colima's context is the current one and its VM does not run."""
    made = Laptop(tmp_path, {"XDG_DATA_HOME": data})
    made.command("uname", "echo Darwin")
    made.context("colima", made.home / ".colima" / "default" / "docker.sock")
    return made


def test_help_names_every_option() -> None:
    text = subprocess.run(["sh", "shell/quickstart.sh", "--help"], capture_output=True, text=True, check=True).stdout
    assert all(option in text for option in ("--dir", "--install-engine", "--no-demo", "--dry-run", "DFDEV_APT_MIRROR"))


def test_an_unknown_option_is_a_usage_error(laptop: Laptop) -> None:
    done = laptop.quickstart("--dri-run")
    assert done.returncode == 2
    assert done.stderr.endswith("error: unknown argument --dri-run\n")


def test_a_dry_run_uses_the_engine_that_is_there_and_changes_nothing(laptop: Laptop, engine28: machine.Engine) -> None:
    done = laptop.quickstart("--dry-run", "--dir", "somewhere")
    assert done.returncode == 0, done.stderr
    assert f"engine: {engine28.host} (DOCKER_HOST), version 28." in done.stderr
    assert "dockerd" not in done.stderr
    assert "demo somewhere" in done.stderr
    assert list(laptop.home.iterdir()) == []


def test_an_engine_that_was_named_and_is_gone_is_not_replaced_by_another(tmp_path: Path) -> None:
    done = Laptop(tmp_path, {"DOCKER_HOST": f"unix://{tmp_path}/gone.sock"}).quickstart("--dry-run")
    assert done.returncode == 1
    assert "gone.sock" in done.stderr
    assert "apt-get" not in done.stderr


def test_a_mac_without_an_engine_is_told_the_line_to_type(mac: Laptop) -> None:
    done = mac.quickstart("--dry-run")
    assert done.returncode == 1
    assert "try: brew install colima docker && colima start" in done.stderr


def test_a_mac_whose_colima_is_stopped_is_told_to_start_it(mac: Laptop) -> None:
    mac.command("colima", "exit 0")
    assert "try: colima start " in mac.quickstart("--dry-run").stderr


def test_a_mac_gets_colima_when_asked(mac: Laptop, engine28: machine.Engine) -> None:
    socket = mac.home / ".colima" / "default" / "docker.sock"
    mac.command("brew", f"echo brew $@ >>{mac.folder}/calls; install -m 755 {mac.folder}/colima {mac.bin}/colima")
    (mac.folder / "colima").write_text(
        f"#!/bin/sh\necho colima $@ >>{mac.folder}/calls\n"
        f"mkdir -p {socket.parent}; ln -s {engine28.host.removeprefix('unix://')} {socket}\n"
    )
    done = mac.quickstart("--install-engine", "--no-demo")
    assert done.returncode == 0, done.stderr
    assert (mac.folder / "calls").read_text() == "brew install colima docker\ncolima start\n"
    assert "context colima" in done.stderr


def test_dfdev_is_installed_once_and_linked(tmp_path: Path, engine28: machine.Engine) -> None:
    laptop = Laptop(tmp_path, {"DOCKER_HOST": engine28.host})
    first, second = (laptop.quickstart("--no-demo") for _ in range(2))
    assert first.returncode == second.returncode == 0, first.stderr + second.stderr
    assert "installing dfdev" in first.stderr
    assert "installing dfdev" not in second.stderr
    version = laptop.run(str(laptop.home / ".local/bin/dfdev"), "--version")
    assert version.stdout.startswith("dfdev ")


def test_a_command_of_the_same_name_that_is_not_ours_stays(laptop: Laptop) -> None:
    theirs = laptop.home / ".local" / "bin" / "dfdev"
    theirs.parent.mkdir(parents=True)
    theirs.write_text("theirs")
    done = laptop.quickstart("--no-demo", "--dry-run")
    assert "is a file of yours, so it stays" in done.stderr


def test_a_user_in_the_engines_group_gets_the_demo_and_owns_its_files(colleague: Laptop) -> None:
    home = colleague.folder / "demo here"
    done = colleague.quickstart("--dir", str(home))
    try:
        assert done.returncode == 0, done.stderr
        url = done.stdout.splitlines()[-1]
        assert url.startswith("http://127.0.0.1:")
        with urllib.request.urlopen(url, timeout=30) as page:
            assert b"<h1>" in page.read()
        log = home / "www" / "run" / "www.log"
        assert log.stat().st_uid == home.stat().st_uid == (colleague.user or os.geteuid())
        again = colleague.quickstart("--dir", str(home))
        assert again.stdout.splitlines()[-1] == url
    finally:
        colleague.run(str(colleague.home / ".local/bin/dfdev"), "down", "--data", "--yes", "--home", str(home))


def test_a_new_member_of_the_group_need_not_log_in_again(colleague: Laptop, engine28: machine.Engine) -> None:
    """`sg` is ours: it opens the folder that the socket is in, as the group would."""
    locked = colleague.folder / "locked"
    locked.mkdir()
    (locked / "docker.sock").symlink_to(engine28.host.removeprefix("unix://"))
    if colleague.user is not None:
        os.chown(locked, colleague.user, -1)
    locked.chmod(0)
    colleague.command("getent", "echo docker:x:999:somebody,$(id -un)")
    colleague.command("sg", f'chmod 755 {locked}; [ "$1 $2" = "docker -c" ] && exec sh -c "$3"')
    other = replace(colleague, environ={"DOCKER_HOST": f"unix://{locked}/docker.sock"})
    done = other.quickstart("--no-demo")
    assert done.returncode == 0, done.stderr
    assert f"engine: unix://{locked}/docker.sock" in done.stderr
