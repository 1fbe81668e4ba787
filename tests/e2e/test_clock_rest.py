"""A host that sleeps is told by its own clocks: the agent asks the engine nothing while nothing happened.

The kernel's own clocks, in a time namespace whose CLOCK_BOOTTIME is ahead: a host that has slept (time_namespaces(7)).
"""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.lab import DFDEV, Lab
from tests.machine import root

pytestmark = pytest.mark.engine
AGENT = ("clock", "sync", "--quiet", "--no-input", "--if-running", "--if-slept")


class Counter:
    """Stands before the engine's socket; `calls`: connections so far."""

    def __init__(self, path: Path, engine: str) -> None:
        self.host = f"unix://{path}"
        self.calls = 0
        self._engine = engine.removeprefix("unix://")
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen()
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                self.calls += 1
                threading.Thread(target=self._carry, args=(near,), daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        with near, socket.socket(socket.AF_UNIX) as far:
            far.connect(self._engine)
            back = threading.Thread(target=_copy, args=(far, near), daemon=True)
            back.start()
            _copy(near, far)
            back.join()


def _copy(source: socket.socket, target: socket.socket) -> None:
    """Until the one ends; the other is told."""
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)


@pytest.fixture
def counter(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    lab.workspace("")
    made = Counter(tmp_path_factory.mktemp("s") / "docker.sock", lab.docker_host)
    yield made
    made.close()


def run(lab: Lab, counter: Counter, slept: int = 0) -> None:
    """As the agent runs it: silent success."""
    sleep = [*root.prefix(), "unshare", "--time", "--boottime", str(slept), "--fork"] if slept else []
    environ = {**lab.environ, "DOCKER_HOST": counter.host}
    argv = [*sleep, "env", *(f"{name}={value}" for name, value in environ.items()), str(DFDEV), *AGENT]
    done = subprocess.run(argv, env=environ, cwd=lab.home, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def memory(lab: Lab) -> Any:
    (path,) = (lab.user / ".local/state/dfdev/clock").iterdir()
    return json.loads(path.read_text())


def test_measured_after_a_sleep_and_only_then(lab: Lab, counter: Counter) -> None:
    run(lab, counter)
    first, calls = memory(lab), counter.calls
    assert calls > 0, "what was never seen is measured"
    run(lab, counter)
    assert counter.calls == calls, "nothing happened, nothing is asked"
    assert memory(lab) == first
    run(lab, counter, slept=60)
    assert counter.calls > calls
    assert memory(lab)["slept"] - first["slept"] == pytest.approx(60, abs=1)
    assert memory(lab)["measured"] > first["measured"]


def test_an_engine_that_is_gone_after_the_sleep_is_looked_at_the_next_time(lab: Lab, counter: Counter) -> None:
    run(lab, counter)
    first = memory(lab)
    counter.close()
    run(lab, counter, slept=60)
    assert memory(lab) == first, "the next run looks again"
