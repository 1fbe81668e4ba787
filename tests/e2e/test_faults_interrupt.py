"""`up` interrupted, killed, and run twice at once: the next one finishes the job, and nothing is left over."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.lab import Lab
from tests.e2e.trouble import assert_settled, probes, ready, wait_until, web

pytestmark = pytest.mark.engine
FreePort = Callable[[], int]

KILLS = int(os.environ.get("DFDEV_TEST_KILLS") or 12)
"""Every call to the engine is a moment in tests/unit; here are some between them, and as many more as one asks for."""
SERVICES = {"mysql", "www", "api", "worker"}


def theatre(lab: Lab, free_port: FreePort) -> str:
    """Four services, three of which need the database; `@SALT@` is what a change of the file changes."""
    needs = 'depends_on = ["mysql"]\nenv = { SALT = "@SALT@" }'
    text = f"""
[mysql]
image = "dfdev-test/mysql:1"
port = {free_port()}
{web(free_port(), "www", needs)}
{web(free_port(), "api", needs)}
[services.worker]
image = "dfdev/small:1"
code = "www"
depends_on = ["mysql", "api"]
"""
    ready(lab, text.replace("@SALT@", "0"), "www", "api")
    return text


def assert_whole(lab: Lab) -> None:
    """Exactly one container a service and one network, and nothing else by our name."""
    names = lab.docker("ps", "-a", "--format", "{{.Names}}", "--filter", f"name={lab.name}").split()
    assert sorted(names) == sorted(f"{lab.name}-{service}" for service in SERVICES)
    assert lab.docker("network", "ls", "-q", "--filter", f"name={lab.name}").count("\n") == 1


def kill(process: subprocess.Popen[str], after: float, sign: signal.Signals) -> bool:
    """Wait, send it; whether that was before the end of the process."""
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        process.send_signal(sign)
        return True
    return False


@pytest.mark.timeout(600)
def test_killed_at_random_moments(lab: Lab, free_port: FreePort) -> None:
    seed = int(os.environ.get("DFDEV_TEST_SEED") or random.SystemRandom().randrange(1 << 32))
    dice = random.Random(seed)
    text = theatre(lab, free_port)
    took = {"nothing": timed(lab)}
    lab.workspace(text.replace("@SALT@", "first change"))
    took["changed"] = timed(lab)
    print(f"DFDEV_TEST_SEED={seed}", took)
    killed = turn = 0
    while killed < KILLS:
        turn += 1
        assert turn < 2 * KILLS, "the moments lie within `up`"
        start = dice.choice(("nothing", "changed"))
        if start == "nothing":
            lab.clean()
        lab.workspace(text.replace("@SALT@", f"turn {turn}"))
        moment = dice.uniform(0, took[start])
        began, process = time.monotonic(), lab.start("up")
        in_time = kill(process, moment, signal.SIGKILL)
        process.communicate()
        if not in_time:
            took[start] = time.monotonic() - began
            continue
        killed += 1
        said = f"seed {seed}, turn {turn}: killed {moment:.3f} s into `up` from {start}"
        print(said)
        done = lab.dfdev("up", "--json")
        assert done.code == 0, f"{said}\n{done.err}"
        mounts = [m for service in done.json()["services"] for m in service["mounts"]]
        assert [m["proven"] for m in mounts] == [True] * 5, said
        assert lab.dfdev("up", "--json", "--dry-run").ok().json()["plan"] == [], said
        assert_whole(lab)
    for left in probes(lab.home):
        os.utime(left, (0, 0), follow_symlinks=False)  # a probe may be a link
    lab.up().ok()
    assert probes(lab.home) == []


def wait_for_lock(lab: Lab, pid: int) -> None:
    """Until this process is the one that changes the workspace."""
    locks = lab.user / ".local/state/dfdev/locks"
    wait_until(lambda: any(f"(pid {pid})" in path.read_text() for path in locks.glob("*.lock")), 20, "the lock")


def timed(lab: Lab) -> float:
    began = time.monotonic()
    lab.up().ok()
    return time.monotonic() - began


def test_interrupted_at_random_moments(lab: Lab, free_port: FreePort) -> None:
    """Ctrl-C: 130, one line about it, no traceback, and the next `up` goes on."""
    text = theatre(lab, free_port)
    whole = timed(lab)
    for turn in range(8):
        if turn % 2:
            lab.clean()
        lab.workspace(text.replace("@SALT@", f"turn {turn}"))
        process = lab.start("up")
        wait_for_lock(lab, process.pid)
        moment = random.uniform(0, whole / 2)
        interrupted = kill(process, moment, signal.SIGINT)
        out, err = process.communicate(timeout=20)
        said = f"{moment:.3f} s into up, exit {process.returncode}\n{out}\n{err}"
        assert "Traceback" not in err, said
        assert "Fatal" not in err, said
        ended = not interrupted or "is up (" in err
        assert process.returncode in ((0, -signal.SIGINT) if ended else (130,)), said
    lab.up().ok()
    assert_settled(lab)
    assert_whole(lab)


def test_interrupted_while_it_waits_says_what_to_do(lab: Lab) -> None:
    lab.workspace('[services.app]\nimage = "dfdev/small:1"\nhealth = { tcp = 80, timeout = "60s" }\n')
    process = lab.start("up", "-v")
    wait_until(lambda: lab.containers(), 20, "the container")
    assert process.stderr
    for line in process.stderr:
        if line.startswith("  wait for app …"):
            break
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=5)
    assert process.returncode == 130
    assert "interrupted; `dfdev up` goes on" in err
    lab.workspace('[services.app]\nimage = "dfdev/small:1"\n')
    lab.up().ok()
    assert_settled(lab)


def test_down_interrupted_or_killed_goes_on_too(lab: Lab, free_port: FreePort) -> None:
    theatre(lab, free_port)
    for sign in (signal.SIGINT, signal.SIGKILL):
        lab.up().ok()
        process = lab.start("down")
        kill(process, 0.4, sign)
        process.communicate(timeout=20)
        lab.dfdev("down").ok()
        assert set(lab.containers()) == {"mysql"}
    lab.up().ok()
    assert_settled(lab)
    assert_whole(lab)


def test_twice_at_the_same_time(lab: Lab, free_port: FreePort) -> None:
    """The second waits, says for whom, and then finds nothing to do."""
    theatre(lab, free_port)
    first = lab.start("up")
    wait_for_lock(lab, first.pid)
    first.send_signal(signal.SIGSTOP)  # or it has ended before the second has begun
    second = lab.start("up", "--json")
    assert second.stderr
    assert f"waiting for `dfdev up` (pid {first.pid})" in second.stderr.readline()
    first.send_signal(signal.SIGCONT)
    for process in (first, second):
        out, err = process.communicate(timeout=60)
        assert process.returncode == 0, err
    assert json.loads(out)["plan"] == []
    assert_whole(lab)


def test_many_at_the_same_time(lab: Lab, free_port: FreePort) -> None:
    ready(lab, web(free_port()), "www")
    running = [lab.start("up") for _ in range(4)]
    for process in running:
        _, err = process.communicate(timeout=60)
        assert process.returncode == 0, err
    assert_settled(lab)


def test_a_lock_that_cannot_be_made(lab: Lab, tmp_path: Path) -> None:
    lab.workspace('[services.app]\nimage = "dfdev/small:1"\n')
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    done = lab.dfdev("up", env={"XDG_STATE_HOME": str(in_the_way)})
    assert done.code == 3
    assert "Traceback" not in done.err
    assert str(in_the_way) in done.err
    assert "XDG_STATE_HOME" in done.err
