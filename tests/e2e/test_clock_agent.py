"""`dfdev clock install` with a stand-in of systemctl that keeps what is enabled; and a host that really "slept"."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.lab import DFDEV, Done, Lab
from tests.e2e.trouble import as_mortal, assert_fails, dfdev_as

pytestmark = pytest.mark.engine

SYSTEMCTL = """#!/bin/sh
echo "$*" >> "$0.log"
case "$*" in
    "--user is-system-running") echo running ;;
    "--user is-active --quiet dfdev-clock.timer") [ -e "$0.on" ] ;;
    "--user enable --now dfdev-clock.timer") touch "$0.on" ;;
    "--user disable --now dfdev-clock.timer") rm -f "$0.on" ;;
    "--user daemon-reload") ;;
    *) exit 1 ;;
esac
"""


@pytest.fixture
def managed(lab: Lab, tmp_path: Path) -> Callable[..., Done]:
    """dfdev where there is a systemd user manager."""
    lab.workspace("")
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "systemctl").write_text(SYSTEMCTL)
    (folder / "systemctl").chmod(0o755)
    path = f"{folder}:{os.environ['PATH']}"
    return lambda *args: lab.dfdev(*args, env={"PATH": path})


def test_installed_as_the_dry_run_says_once_and_removed(managed: Callable[..., Done], lab: Lab) -> None:
    plan = managed("clock", "install", "--dry-run", "--json").ok().json()
    assert plan["kind"] == "systemd" and not any(Path(path).exists() for path in plan["files"])
    assert managed("clock", "install", "--json").ok().json()["agent"] == {
        "installed": True, "kind": "systemd", "files": list(plan["files"]), "running": True,
    }  # fmt: skip
    assert {path: Path(path).read_text() for path in plan["files"]} == plan["files"]
    assert any(f"DFHOME={lab.home}" in text for text in plan["files"].values())
    assert "nothing to do" in managed("clock", "install").ok().out
    assert managed("clock", "uninstall", "--json").ok().json()["changed"] is True
    assert not any(Path(path).exists() for path in plan["files"])
    assert "nothing to do" in managed("clock", "uninstall").ok().out


def test_the_command_that_it_runs_works(managed: Callable[..., Done], lab: Lab) -> None:
    """Taken from the unit and run with the unit's environment alone: on this host there is nothing to set."""
    files = managed("clock", "install", "--dry-run", "--json").ok().json()["files"]
    service = next(text for path, text in files.items() if path.endswith(".service"))
    line = next(line for line in service.splitlines() if line.startswith("ExecStart="))
    kept = [entry for entry in service.splitlines() if entry.startswith("Environment=")]
    pairs = [json.loads(entry.removeprefix("Environment=")) for entry in kept]
    environ = dict(pair.split("=", 1) for pair in pairs) | {"HOME": str(lab.user)}
    argv = json.loads(f"[{line.removeprefix('ExecStart=').replace(chr(34) + ' ' + chr(34), chr(34) + ', ' + chr(34))}]")
    done = subprocess.run(argv, env=environ, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_where_nothing_runs_agents_the_watch_is_named(lab: Lab, tmp_path: Path) -> None:
    lab.workspace("")
    (tmp_path / "empty").mkdir()
    done = lab.dfdev("clock", "install", env={"PATH": str(tmp_path / "empty")})
    assert_fails(done, 4, "neither launchd nor a systemd user manager", "`dfdev clock watch`")
    done = lab.dfdev("clock", "uninstall", env={"PATH": str(tmp_path / "empty")})
    assert "nothing to do" in done.ok().out


def test_a_folder_that_is_not_ours_is_named(managed: Callable[..., Done], lab: Lab, tmp_path: Path) -> None:
    """The state of the manager is asked, nothing is loaded, nothing is left half done."""
    (lab.user / ".config").mkdir()
    (lab.user / ".config").chmod(0o555)
    path = f"{tmp_path / 'bin'}:{os.environ['PATH']}"
    done = dfdev_as(as_mortal(), lab, "clock", "install", env={"PATH": path})
    assert_fails(
        done, 3, "cannot write", "dfdev-clock.service", f"ls -ld {lab.user / '.config'}", "`dfdev clock watch`"
    )
    assert "enable" not in (tmp_path / "bin" / "systemctl.log").read_text()


def test_the_watch_of_an_engine_on_this_host_says_that_there_is_nothing_to_watch(lab: Lab) -> None:
    lab.workspace("")
    assert_fails(lab.dfdev("clock", "watch", timeout=20), 4, "the engine runs on this host", "timedatectl")


def test_ctrl_c_ends_a_watch_that_waits_for_its_engine(lab: Lab, tmp_path: Path) -> None:
    lab.workspace("")
    watch = lab.start("clock", "watch", env={"DOCKER_HOST": f"unix://{tmp_path}/none.sock"})
    assert watch.stderr is not None
    assert "watching the clock of" in watch.stderr.readline()
    assert "waiting for it" in watch.stderr.readline()
    watch.send_signal(signal.SIGINT)
    out, err = watch.communicate(timeout=10)
    assert (watch.returncode, out, err) == (130, "", "")


def test_an_engine_that_is_not_there_is_silent_success_for_an_agent(lab: Lab, tmp_path: Path) -> None:
    lab.workspace("")
    log = tmp_path / "clock.log"
    args = ("clock", "sync", "--quiet", "--no-input", "--if-running", "--log", str(log))
    done = lab.dfdev(*args, env={"DOCKER_HOST": f"unix://{tmp_path}/none.sock"})
    assert (done.code, done.out, done.err) == (0, "", "") and not log.exists()


def test_what_goes_wrong_is_in_the_log(lab: Lab, tmp_path: Path) -> None:
    lab.workspace("")
    log = tmp_path / "clock.log"
    done = lab.dfdev("clock", "sync", "--log", str(log), env={"DOCKER_HOST": f"unix://{tmp_path}/none.sock"})
    assert done.code == 5
    assert "error: no Docker engine at" in log.read_text()


def test_a_sleep_of_this_host_is_told_by_its_clocks_alone() -> None:
    """A time namespace whose CLOCK_BOOTTIME is ahead is a host that has slept: time_namespaces(7)."""
    ask = "from dfdev.system.rest import host_rest; print(host_rest().slept)"
    python = str(DFDEV.with_name("python"))
    slept = [
        float(subprocess.run([*prefix, python, "-c", ask], capture_output=True, text=True, check=True).stdout)
        for prefix in ([], ["unshare", "--time", "--boottime", "60", "--fork"])
    ]
    assert slept[1] - slept[0] == pytest.approx(60, abs=1)
