"""Real engines for the tests that ask for one: started on first use, left when the session ends."""

from __future__ import annotations

import os
import signal
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import machine

_APPLETS = ("sh", "sleep", "cat", "ls", "stat", "touch", "rm", "mkdir", "env", "id", "nc", "seq", "kill", "dd", "tr")


def pytest_configure() -> None:
    """A shell starts what is in the background deaf to Ctrl-C, and so would be all that the tests start."""
    for number in (signal.SIGINT, signal.SIGQUIT):
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
    """A root file system with a static busybox and an empty /var/www, /var/log and /tmp."""
    folder = machine.default_cache() / "busybox"
    tar = folder / "rootfs.tar"
    if not tar.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        _pack(machine.fetch("28", machine.default_cache()) / "bin" / "busybox", tar)
    return tar


def _running(version: str) -> Iterator[machine.Engine]:
    engine = machine.start(version)
    yield engine
    engine.stop()


def _pack(binary: Path, tar: Path) -> None:
    unfinished = tar.with_suffix(f".{os.getpid()}")
    with tarfile.open(unfinished, "w") as archive:
        for name in ("bin", "etc", "tmp", "var", "var/www", "var/log"):
            entry = tarfile.TarInfo(name)
            entry.type, entry.mode = tarfile.DIRTYPE, 0o1777 if name == "tmp" else 0o755
            archive.addfile(entry)
        archive.add(binary, "bin/busybox")
        for name in _APPLETS:
            link = tarfile.TarInfo(f"bin/{name}")
            link.type, link.linkname = tarfile.SYMTYPE, "busybox"
            archive.addfile(link)
    unfinished.replace(tar)
