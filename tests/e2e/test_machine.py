"""The engines that the tests run on: they hang, die and come back on request, and leave nothing behind."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import machine
from tests.machine.daemon import answers
from tests.machine.layout import Layout

pytestmark = pytest.mark.engine
NAME = "machine-test"


@pytest.fixture(params=machine.VERSIONS)
def version(request: pytest.FixtureRequest) -> Iterator[str]:
    yield request.param
    engine = machine.start(request.param, name=NAME)
    engine.destroy()


def layout(version: str) -> Layout:
    return Layout(machine.default_cache(), version, NAME)


def test_an_engine_hangs_wakes_dies_and_comes_back(version: str) -> None:
    engine = machine.start(version, name=NAME)
    first = engine.pid
    assert answers(layout(version))
    engine.pause()
    assert not answers(layout(version), seconds=0.3)
    engine.resume()
    assert answers(layout(version), seconds=5)
    engine.kill()
    assert not engine.pid
    assert not answers(layout(version))
    engine.restart()
    assert answers(layout(version))
    assert engine.pid != first
    engine.stop()


def test_the_last_user_stops_it_and_nothing_is_left(version: str) -> None:
    one, two = machine.start(version, name=NAME), machine.start(version, name=NAME)
    assert one.pid == two.pid
    one.stop()
    assert two.pid
    two.stop()
    assert not two.pid
    where = layout(version)
    assert not where.socket.exists()
    assert not Path("/sys/class/net", where.bridge).exists()
    assert str(where.run) not in Path("/proc/self/mountinfo").read_text()


def test_what_a_killed_run_left_is_swept_up(version: str) -> None:
    start = f"from tests import machine; engine = machine.start({version!r}, name={NAME!r})"
    code = f"{start}; import os; print(engine.pid); os.kill(os.getpid(), 9)"
    left = subprocess.run([sys.executable, "-uc", code], capture_output=True, text=True, check=False)
    assert machine.running(version, name=NAME)
    engine = machine.start(version, name=NAME)
    assert str(engine.pid) != left.stdout.strip() != ""
    assert answers(layout(version))
    engine.stop()


def test_an_unknown_version_says_which_there_are(tmp_path: Path) -> None:
    with pytest.raises(machine.MachineError, match=r"20\.10, 28"):
        machine.fetch("27", tmp_path)
