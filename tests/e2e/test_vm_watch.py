"""`dfdev clock watch` beside a VM that really sleeps: this host stays awake, only the machine stands still."""

from __future__ import annotations

import json
import select
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.lab import DFDEV, Lab
from tests.e2e.trouble import wait_until
from tests.e2e.vm_lab import VmLab, assert_right, with_boot2docker
from tests.vm.machine import Vm

pytestmark = [pytest.mark.engine, pytest.mark.timeout(600)]
SOON, SLOWEST = 3.0, 12.0
"""Seconds from the wake to a clock that is right. The VM is emulated: its first python takes a second to come, and all
of it is slow while other tests have the processors. So the quickest of a few naps tells; that it is two seconds where
a machine is none of these tests', tests/unit/clock/test_watch.py shows, and `python -m tests.soak`.
"""


@contextmanager
def watching(lab: VmLab, err: Path, until: str) -> Iterator[subprocess.Popen[str]]:
    """The watch, once it has said that; Ctrl-C ends it."""
    argv = [str(DFDEV), "clock", "watch", "--json"]
    pipe = subprocess.PIPE
    with (
        err.open("w") as stream,
        subprocess.Popen(argv, stdout=pipe, stderr=stream, text=True, cwd=lab.lab.home, env=lab.environ) as watch,
    ):
        try:
            wait_until(lambda: until in err.read_text(), 60, "the first look")
            yield watch
        finally:
            watch.send_signal(signal.SIGINT)
    assert watch.returncode == 130
    assert "Traceback" not in err.read_text() and "nowhere" not in err.read_text()


def next_line(watch: subprocess.Popen[str], seconds: float) -> str:
    """The next document, which has to begin within so long."""
    assert watch.stdout is not None
    assert select.select([watch.stdout], [], [], seconds)[0], f"no correction within {seconds:g} s"
    return watch.stdout.readline()


def test_a_machine_that_alone_stood_still_is_set_when_it_goes_on(awake_vm: Vm, vm_lab: Lab, tmp_path: Path) -> None:
    folder = tmp_path / "bin"
    folder.mkdir()
    lab = with_boot2docker(awake_vm, vm_lab, folder)
    lab.lab.workspace('[machine]\nprovider = "boot2docker"\n')
    awake_vm.sleep()
    paused = time.monotonic()
    with watching(lab, tmp_path / "err", "boot2docker-vm is paused, it has no address: waiting for it") as watch:
        wait_until(lambda: time.monotonic() >= paused + 2, 60, "a pause beyond what is tolerated")
        awake_vm.wake()
        assert json.loads(next_line(watch, 60))["before_ms"] < -500, "it is looked for until it has an address"
        took: list[float] = []
        for nap in (1.5, 6.0, 10.0, 4.0, 4.0):
            awake_vm.nap(nap)
            woke = time.monotonic()
            told = json.loads(next_line(watch, 60))
            took.append(time.monotonic() - woke)
            assert told["before_ms"] < -1000 * nap + 500
            assert_right(awake_vm, bound_ms=told["bound_ms"])
    assert min(took) < SOON, took
    assert max(took) < SLOWEST, took
