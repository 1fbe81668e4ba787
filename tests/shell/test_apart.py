"""Tests live apart from the machine: what runs on it is as it was, and nothing of them stays, however they end."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests import machine
from tests.machine import processes, root
from tests.shell.quick import Laptop

pytestmark = [pytest.mark.engine, pytest.mark.timeout(300)]

APART = (sys.executable, "-m", "tests.apart")


def run(*argv: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(argv, capture_output=True, text=True, timeout=240, check=False)


def test_the_users_engine_beside_a_run_is_as_before(busybox_tar: Path) -> None:
    assert busybox_tar.is_file()
    machine.fetch("20.10", machine.default_cache())
    as_root = (*root.prefix(), f"PATH={os.environ['PATH']}") if os.geteuid() else ()
    done = run(*APART, *as_root, sys.executable, "-B", "-m", "tests.shell.users_machine", *APART)
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr


def test_what_a_command_finds_there() -> None:
    look = "echo $HOME; ls -A $HOME; ls /run/docker.sock; ls /sys/class/net; env | grep -c ^DOCKER_; exit 7"
    done = subprocess.run(
        [*APART, "sh", "-c", look], env={**os.environ, "DOCKER_HOST": "unix:///x"}, capture_output=True, text=True
    )
    home, *others = done.stdout.splitlines()
    assert home.startswith(str(machine.default_cache())) and home != os.environ.get("HOME")
    assert others == ["lo", "tap0", "0"]
    assert "/run/docker.sock" in done.stderr and done.returncode == 7


def test_two_runs_have_engines_of_their_own_and_the_same_ports() -> None:
    serve = "from tests import machine; import socket; e = machine.start('28', name='two')\n"
    serve += "s = socket.create_server(('127.0.0.1', 5999)); print(e.host, flush=True); input(); e.destroy()"
    runs = [
        subprocess.Popen(
            [*APART, sys.executable, "-c", serve], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    hosts = {run.stdout.readline() for run in runs if run.stdout}
    for each in runs:
        each.communicate("\n", timeout=60)
    assert [each.returncode for each in runs] == [0, 0]
    assert len(hosts) == 2 and "" not in hosts


def test_a_killed_run_takes_everything_with_it_and_the_next_one_starts() -> None:
    code = "from tests import machine; e = machine.start('28', name='killed'); e.keep(); print(e.host, flush=True)"
    argv = [*APART, sys.executable, "-c", f"{code}; input()"]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as doomed:
        assert doomed.stdout is not None
        host = doomed.stdout.readline().strip()
        config = f"{Path(host.removeprefix('unix://')).parent}/daemon.json"
        assert processes.find("dockerd", config)
        doomed.send_signal(signal.SIGKILL)
    processes.wait_until(lambda: not processes.find("dockerd", config), 20, "its engine to end")
    again = run(*APART, sys.executable, "-c", f"{code}; e.destroy()")
    assert (again.returncode, again.stdout.strip()) == (0, host), again.stderr


AS_A_USER = """
import os, subprocess
from pathlib import Path
from tests import machine
engine = machine.start("28", name="user-test")
daemon = Path(f"/proc/{engine.pid}").stat().st_uid
engine.kill()
engine.restart()
print(os.getuid(), daemon, bool(engine.pid), Path.home().stat().st_uid == os.getuid())
engine.destroy()
print(machine.running("28", name="user-test"))
"""


@pytest.mark.skipif("DFDEV_TEST_RUN" not in os.environ, reason="it changes /etc: sh shell/test.sh tests/shell")
def test_a_user_with_sudo_stays_that_user_and_starts_engines(colleague: Laptop) -> None:
    cache = colleague.folder / "cache"
    shutil.copytree(machine.fetch("28", machine.default_cache()), cache / "packages" / "28", symlinks=True)
    if colleague.user is not None:
        subprocess.run(["chown", "-R", str(colleague.user), str(cache)], check=True)
        Path("/etc/sudoers.d/dfdev-test").write_text(f"#{colleague.user} ALL=(ALL:ALL) NOPASSWD: ALL\n")
    command = ("env", f"DFDEV_TEST_CACHE={cache}", f"PYTHONPATH={colleague.checkout}", "/usr/bin/python3")
    done = colleague.run(*command, "-m", "tests.apart", "/usr/bin/python3", "-c", AS_A_USER)
    if colleague.user is not None:
        Path("/etc/sudoers.d/dfdev-test").unlink()
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [f"{colleague.user or os.getuid()} 0 True True", "False"]


def test_who_cannot_become_root_is_told_what_works_without(colleague: Laptop) -> None:
    if colleague.user is None:
        pytest.skip("we are the user with sudo")
    done = colleague.run("env", f"PYTHONPATH={colleague.checkout}", "/usr/bin/python3", "-m", "tests.apart", "true")
    assert done.returncode == 1
    assert "have sudo without a password" in done.stderr and "sh shell/test.sh --fast" in done.stderr
