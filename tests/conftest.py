"""Real engines for the tests that ask for one: started on first use, left when the session ends."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import machine
from tests.machine import busybox


def pytest_configure() -> None:
    """Where it is in the background of a shell, or under nohup, it is deaf to these, and so would be all it starts."""
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)


@pytest.fixture(scope="session")
def engine28() -> Iterator[machine.Engine]:
    """Engine 28, shared with other test runs on this machine: do not pause or kill it."""
    yield from _running("28")


@pytest.fixture(scope="session")
def engine2010() -> Iterator[machine.Engine]:
    """Engine 20.10, shared likewise."""
    yield from _running("20.10")


@pytest.fixture(scope="session", params=["28", "20.10"])
def any_engine(request: pytest.FixtureRequest) -> machine.Engine:
    """Each of both in turn."""
    found: machine.Engine = request.getfixturevalue({"28": "engine28", "20.10": "engine2010"}[request.param])
    return found


@pytest.fixture(scope="session")
def busybox_tar() -> Path:
    """The root file system of `dfdev-test/busybox:1`."""
    return busybox.tar(machine.default_cache())


def _running(version: str) -> Iterator[machine.Engine]:
    engine = machine.start(version)
    yield engine
    engine.stop()
