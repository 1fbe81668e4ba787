"""A real VM whose clock is really off: it sleeps as under a laptop's lid, and dfdev puts it right.

Between dfdev and the VM's kernel nothing is imitated but the boot2docker command itself, which passes on to it.
"""

from __future__ import annotations

import json
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.contract.rig import soon
from tests.e2e.lab import DFDEV, Lab
from tests.e2e.trouble import assert_fails
from tests.e2e.vm_lab import VmLab, assert_right, with_boot2docker
from tests.vm.machine import Vm

pytestmark = [pytest.mark.engine, pytest.mark.timeout(900)]
FreePort = Callable[[], int]


@pytest.fixture
def b2d(awake_vm: Vm, vm_lab: Lab, tmp_path: Path) -> VmLab:
    return with_boot2docker(awake_vm, vm_lab, tmp_path / "bin")


_DAEMON = "(setsid /tmp/chronyd >/dev/null 2>&1 </dev/null &)"
_PULLS = """#!/bin/sh
# Clock less uptime is when the machine started: it changes only when somebody sets the clock.
uptime() { cut -d. -f1 /proc/uptime; }
start=$(($(date +%s) - $(uptime)))
while :; do
    moved=$(($(date +%s) - $(uptime) - start))
    [ "$moved" -lt 20 ] || date -u -s "-$moved seconds" >/dev/null
    sleep 0.3
done
"""


def skewed(vm: Vm, seconds: float) -> None:
    vm.set_clock(seconds)


def test_after_a_sleep_up_puts_the_clock_right(b2d: VmLab, free_port: FreePort) -> None:
    b2d.web(free_port())
    for _ in range(2):  # a second sleep of the same length is no time daemon's work
        b2d.vm.nap(8)
        assert b2d.vm.clock_offset().seconds < -7
        done = b2d.dfdev("up", "--json").ok()
        found = done.json()
        assert found["clock"]["verdict"] == "ok" and found["services"][0]["mounts"][0]["proven"]
        assert_right(b2d.vm, bound_ms=found["clock"]["bound_ms"])
        assert re.search(r"[89]\.\d s behind → .* \(root shell: clock_adjtime", done.err), done.err
        assert "again" not in done.err
    again = b2d.dfdev("up", "--json").ok()
    assert again.json()["plan"] == [] and "clock" not in again.err


def test_through_a_helper_container_where_asked(b2d: VmLab, free_port: FreePort) -> None:
    b2d.web(free_port())
    b2d.vm.nap(8)
    found = b2d.dfdev("clock", "sync", "--method", "helper", "--json").ok().json()
    assert found["stepped"] and found["before_ms"] < -7000 and found["verdict"] == "ok"
    assert found["method"].startswith("helper container of ")
    assert_right(b2d.vm, bound_ms=found["bound_ms"])
    assert b2d.lab.docker("ps", "-aq", "--filter", "label=dev.dfdev.helper") == ""


def test_a_log_that_is_followed_goes_on_after_a_sleep(b2d: VmLab, free_port: FreePort) -> None:
    b2d.web(free_port())
    b2d.dfdev("up").ok()
    say = ["exec", b2d.lab.containers()["www"], "sh", "-c", "echo $0 > /proc/1/fd/1"]
    b2d.lab.docker(*say, "first")
    environ = {**b2d.environ, "DFDEV_ENGINE_TIMEOUT": "4"}
    argv = [str(DFDEV), "logs", "-f", "--json"]
    with subprocess.Popen(argv, cwd=b2d.lab.home, env=environ, stdout=subprocess.PIPE, text=True) as follower:
        assert follower.stdout is not None
        told = (json.loads(line) for line in follower.stdout)
        assert next(told)["text"] == "first"
        b2d.vm.sleep()
        assert "waiting for it" in next(told)["event"]
        b2d.vm.wake()
        assert next(told)["event"] == "goes on"
        b2d.lab.docker(*say, "second")
        assert next(told)["text"] == "second"
        follower.terminate()


def test_through_a_shell_that_has_busybox_only(awake_vm: Vm, vm_lab: Lab, tmp_path: Path, free_port: FreePort) -> None:
    lab = with_boot2docker(awake_vm, vm_lab, tmp_path / "bin", "busybox")
    lab.web(free_port())
    awake_vm.set_clock(-20.5)
    found = lab.dfdev("clock", "sync", "--method", "shell", "--json").ok().json()
    assert found["method"] == "root shell: date at the edge of a second" and found["verdict"] == "ok"
    assert_right(awake_vm, bound_ms=found["bound_ms"])


def test_status_says_what_breaks_and_changes_nothing(b2d: VmLab, free_port: FreePort) -> None:
    b2d.web(free_port())
    awake = b2d.dfdev("clock", "status", "--json").ok().json()
    assert (awake["provider"], awake["verdict"], awake["breaks"]) == ("boot2docker", "ok", [])
    skewed(b2d.vm, -960)
    off = b2d.dfdev("clock", "status", "--json")
    found = off.json()
    assert off.code == 1 and found["verdict"] == "skewed" and found["can_set"] and found["method"] == "root shell"
    assert found["tolerance_ms"] == 500 and abs(found["offset_ms"] + 960_000) < found["bound_ms"] + 100
    assert {"apt", "S3", "AWS"} <= set(found["breaks"])
    assert abs(b2d.vm.clock_offset().seconds + 960) < 1


def test_ahead_is_asked_about_and_never_set_back_in_silence(b2d: VmLab, free_port: FreePort) -> None:
    b2d.web(free_port())
    skewed(b2d.vm, 40)
    up = b2d.dfdev("up", "--no-input").ok()
    assert re.search(r"(39\.9|40\.\d) s ahead.*`dfdev clock sync --allow-backward`", up.err), up.err
    assert_fails(b2d.dfdev("clock", "sync"), 4, "s ahead, and setting it lets time run backwards", "--allow-backward")
    assert abs(b2d.vm.clock_offset().seconds - 40) < 1
    found = b2d.dfdev("clock", "sync", "--allow-backward", "--json").ok().json()
    assert found["before_ms"] > 39_000 and found["verdict"] == "ok"
    assert_right(b2d.vm, bound_ms=found["bound_ms"])


def test_a_little_ahead_is_set_and_said(b2d: VmLab, free_port: FreePort) -> None:
    b2d.web(free_port())
    skewed(b2d.vm, 1.2)
    assert re.search(r"1\.[123] s ahead → ", b2d.dfdev("up").ok().err)
    assert_right(b2d.vm, bound_ms=100)


def test_the_file_can_forbid_it(b2d: VmLab, free_port: FreePort) -> None:
    b2d.web(free_port(), '\n[clock]\ncorrect = "never"\ntolerance = "2s"\n')
    skewed(b2d.vm, -30)
    assert "[clock] correct is never" in b2d.dfdev("up").ok().err
    assert abs(b2d.vm.clock_offset().seconds + 30) < 1
    skewed(b2d.vm, -1)
    assert "clock" not in b2d.dfdev("up").ok().err


def test_asleep_while_up_is_at_work(b2d: VmLab, free_port: FreePort) -> None:
    """The lid is closed while a container is being waited for: `up` goes on, and the clock is right in the end."""
    b2d.web(free_port())
    b2d.lab.write("", "www/gate")
    b2d.lab.workspace(
        '[machine]\nprovider = "boot2docker"\n[services.www]\nimage = "dfdev/small:1"\ncode = "www"\n'
        'command = ["sh", "-c", "while [ ! -e /var/www/open ]; do sleep 0.1; done; touch /tmp/ready; sleep 100000"]\n'
        'health = { command = "test -e /tmp/ready", timeout = "120s" }\n'
    )
    with subprocess.Popen(
        [str(DFDEV), "up"], cwd=b2d.lab.home, env=b2d.environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as up:
        soon(lambda: "www" in b2d.lab.containers(), 60)
        b2d.vm.nap(8)
        b2d.lab.write("", "www/open")
        out, err = up.communicate(timeout=120)
    assert up.returncode == 0, out + err
    assert "s behind → " in err
    assert_right(b2d.vm, bound_ms=100)


def test_a_daemon_that_pulls_the_clock_back_is_named_and_not_fought(b2d: VmLab, free_port: FreePort) -> None:
    """A time daemon with a wrong source: it sets the clock to what it was, whenever somebody sets it right."""
    b2d.web(free_port())
    skewed(b2d.vm, -60)
    b2d.vm.ssh(f"cat > /tmp/chronyd && chmod +x /tmp/chronyd && {_DAEMON}", stdin=_PULLS.encode())
    try:
        sync = b2d.dfdev("clock", "sync", "--json")
        assert sync.code == 1 and sync.json()["pulled_back_by"] == ["chronyd"], sync
        assert "chronyd sets the machine's clock back" in sync.err
        began = time.monotonic()
        up = b2d.dfdev("up").ok()
        assert "behind again, though it was set a moment ago" in up.err
        assert time.monotonic() - began < 60
        assert b2d.vm.clock_offset().seconds < -55, "it was left as it is"
    finally:
        b2d.vm.ssh("pkill chronyd", check=False)


def test_a_container_in_a_remapped_engine_sets_it_too(b2d: VmLab, free_port: FreePort, tmp_path: Path) -> None:
    """`userns-remap`: root of a container is nobody in the VM, unless the helper asks for the host's namespace."""
    b2d.web(free_port())
    image = tmp_path / "image.tar"
    b2d.lab.docker("save", "-o", str(image), "dfdev/small:1")
    b2d.vm.dockerd("userns")
    b2d.lab.docker("load", "-i", str(image))
    skewed(b2d.vm, -30)
    found = b2d.dfdev("clock", "sync", "--method", "helper", "--json").ok().json()
    assert found["verdict"] == "ok"
    assert_right(b2d.vm, bound_ms=found["bound_ms"])


_NO_CLOCK = """{
  "defaultAction": "SCMP_ACT_ALLOW",
  "syscalls": [{"names": ["clock_settime", "clock_adjtime", "adjtimex", "settimeofday"], "action": "SCMP_ACT_ERRNO"}]
}"""


@pytest.fixture
def forbidding(b2d: VmLab) -> Iterator[VmLab]:
    """An engine whose containers get EPERM for setting the clock, whatever they may: as a rootless one's do."""
    vm = b2d.vm
    vm.ssh("mkdir -p /etc/docker && cat > /etc/docker/no-clock.json", stdin=_NO_CLOCK.encode())
    vm.ssh("""echo '{"seccomp-profile": "/etc/docker/no-clock.json"}' > /etc/docker/daemon.json""")
    vm.dockerd("plain")
    yield b2d
    vm.ssh("rm -f /etc/docker/daemon.json")
    vm.dockerd("plain")


def test_where_a_container_may_not_the_shell_does(forbidding: VmLab, free_port: FreePort) -> None:
    forbidding.web(free_port())
    skewed(forbidding.vm, -30)
    refused = forbidding.dfdev("clock", "sync", "--method", "helper")
    assert_fails(refused, 4, "not permitted to set the clock", "a rootless engine cannot")
    assert abs(forbidding.vm.clock_offset().seconds + 30) < 1, "busybox exits 0 and sets nothing: it was noticed"
    found = forbidding.dfdev("clock", "sync", "--json").ok().json()
    assert found["method"].startswith("root shell") and found["verdict"] == "ok"
    assert_right(forbidding.vm, bound_ms=found["bound_ms"])
