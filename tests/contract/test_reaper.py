"""A command in a container ends with its caller, with all that it has started, and with nothing else."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from dfdev.engine.protocol import Session
from dfdev.errors import EngineError
from dfdev.frontend.reaper import RUN, kill_run, lifeline, new_run
from tests.contract.rig import Rig, soon
from tests.contract.talk import until, until_ended

ROOT = Path(__file__).resolve().parents[2]
FAMILY = "sleep 1000001 & (busybox setsid sleep 1000002 &) ; echo ready; sleep 1000003"
HELD = """
import sys
from dfdev.frontend.reaper import RUN, lifeline
from tests.contract.rig import connected
from tests.contract.talk import until_ended
host, container, run, user = sys.argv[1:]
engine = connected(host)
with lifeline(engine, container, run, user=user, after=0.0):
    with engine.session(container, ["sleep", "1000004"], env={RUN: run}, user=user) as session:
        until_ended(session)
"""


def commands(rig: Rig, id: str) -> list[str]:
    script = "for folder in /proc/[0-9]*; do tr '\\0\\n' '  ' <$folder/cmdline; echo; done 2>/dev/null"
    return rig.engine.exec(id, ["sh", "-c", script], timeout=20).output.splitlines()


def held(rig: Rig, id: str) -> bool:
    """The lifeline's other end is there."""
    return any("read -r word" in line for line in commands(rig, id))


def processes(rig: Rig, id: str) -> Callable[[], set[str]]:
    """The `sleep`s that go on, but for the container's own."""

    def look() -> set[str]:
        sleeps = {line.split()[1] for line in commands(rig, id) if line.startswith("sleep ")}
        return sleeps - {"1000000", "0.1"}

    return look


def ready(session: Session) -> None:
    until(session, lambda heard: b"ready" in heard.out)


@pytest.mark.parametrize("user", ["", "1234:1234"])
def test_all_of_a_run_and_nothing_else(real: Rig, user: str) -> None:
    id, run = real.run(), new_run()
    alive = processes(real, id)
    with real.engine.session(id, ["sh", "-c", FAMILY], env={RUN: run}, user=user) as session:
        ready(session)
        with real.engine.session(id, ["sleep", "1000009"], env={RUN: new_run()}, user=user):
            soon(lambda: alive() == {"1000001", "1000002", "1000003", "1000009"})
            kill_run(real.engine, id, run, user=user)
            assert alive() == {"1000009"}
        until_ended(session)
        assert session.exit_code() == 143


def test_one_that_lost_its_mark_goes_with_its_session(real: Rig) -> None:
    id, run = real.run(), new_run()
    script = "env -i sleep 1000001 & echo ready; wait"
    with real.engine.session(id, ["sh", "-c", script], env={RUN: run}) as session:
        ready(session)
        kill_run(real.engine, id, run, user="")
        assert processes(real, id)() == set()


def test_the_signal_is_the_one_that_came(real: Rig) -> None:
    id, run = real.run(), new_run()
    script = "trap 'echo caught; exit 5' INT; echo ready; while :; do sleep 0.1; done"
    with real.engine.session(id, ["sh", "-c", script], env={RUN: run}) as session:
        ready(session)
        kill_run(real.engine, id, run, signal.SIGINT, user="")
        assert until_ended(session).out == b"caught\n"
        assert session.exit_code() == 5


def test_what_takes_no_signal_is_killed_after_its_grace(real: Rig) -> None:
    id, run = real.run(), new_run()
    script = "trap '' TERM; echo ready; while :; do sleep 0.1; done"
    with real.engine.session(id, ["sh", "-c", script], env={RUN: run}) as session:
        ready(session)
        kill_run(real.engine, id, run, user="", grace=0.3)
        until_ended(session)
        assert session.exit_code() == 137


def test_nothing_to_kill_is_no_error(real: Rig) -> None:
    id = real.run()
    kill_run(real.engine, id, new_run(), user="")
    real.engine.stop(id, 0)
    kill_run(real.engine, id, new_run(), user="")
    real.engine.remove(id)
    kill_run(real.engine, id, new_run(), user="")


def test_the_end_of_a_run_leaves_what_it_left(real: Rig) -> None:
    """A daemon that somebody started on purpose, as in any shell."""
    id, run = real.run(), new_run()
    with lifeline(real.engine, id, run, user="", after=0.0):
        script = "busybox setsid sleep 1000001 >/dev/null 2>&1 </dev/null & echo ready"
        with real.engine.session(id, ["sh", "-c", script], env={RUN: run}) as session:
            until_ended(session)
        soon(lambda: held(real, id))
    soon(lambda: not held(real, id))
    assert processes(real, id)() == {"1000001"}


@pytest.mark.parametrize("after", [0.0, 60.0])
def test_what_goes_wrong_here_ends_it_too(real: Rig, after: float) -> None:
    id, run = real.run(), new_run()
    with real.engine.session(id, ["sh", "-c", "echo ready; exec sleep 1000001"], env={RUN: run}) as session:
        with pytest.raises(OSError), lifeline(real.engine, id, run, user="", after=after):
            ready(session)
            raise OSError
        soon(lambda: processes(real, id)() == set())


def test_a_short_command_costs_no_second_one(rig: Rig) -> None:
    id = rig.run()
    began = time.monotonic()
    with lifeline(rig.engine, id, new_run(), user="", after=60):
        pass
    assert time.monotonic() - began < 1


@pytest.mark.parametrize(("number", "user"), [(signal.SIGKILL, "1234"), (signal.SIGTERM, "")])
def test_it_ends_with_its_caller(real: Rig, request: pytest.FixtureRequest, number: int, user: str) -> None:
    id, run = real.run(), new_run()
    host = request.getfixturevalue({"28": "engine28", "20.10": "engine2010"}[real.kind]).host
    caller = subprocess.Popen([sys.executable, "-c", HELD, host, id, run, user], cwd=ROOT)
    try:
        soon(lambda: "1000004" in processes(real, id)() and held(real, id))
        os.kill(caller.pid, number)
        soon(lambda: processes(real, id)() == set())
    finally:
        caller.kill()
        caller.wait()


def test_an_image_without_a_shell_is_no_error_for_the_lifeline(rig: Rig) -> None:
    with lifeline(rig.engine, "nosuchcontainer", new_run(), user="", after=0.0):
        pass
    with pytest.raises(EngineError), lifeline(rig.engine, "nosuchcontainer", new_run(), user=""):
        raise EngineError("what happens inside goes through")
