"""VMs of this machine: made, found again, removed. What a crashed run left is swept up by the next one."""

from __future__ import annotations

import contextlib
import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from tests.e2e.lab import unused_port
from tests.machine.packages import locked
from tests.vm import disk, qemu, settings, share
from tests.vm.layout import RUNS, Base, Run, cache
from tests.vm.machine import Vm

_TMP = Path("/tmp")


@contextmanager
def new(base: Base) -> Iterator[Vm]:
    """A VM that is off, with disks of its own on top of the base's. At the end it goes with all that it left, unless
    it is kept.
    """
    with contextlib.ExitStack() as files:
        run = _claim(files)
        for folder in {base.folder, base.data.parent}:
            _hold(folder / "users", files)
        try:
            qemu.overlay(run, base)
            settings.save(run, settings.Settings(base, _ports(), share.make()))
            yield Vm(run)
        finally:
            if not run.kept.exists():
                remove(run)


def kept() -> Run | None:
    """The VM that a developer left running."""
    return next((run for run in _runs() if run.kept.exists()), None)


def remove(run: Run) -> None:
    """Kill the VM and remove its files, the shared folder too."""
    qemu.kill(run)
    if run.settings.exists():
        share.remove(settings.load(run).share)
    shutil.rmtree(run.folder, ignore_errors=True)


def _claim(files: contextlib.ExitStack) -> Run:
    """A folder that is ours until `files` are closed, after the folders that nobody owns any more."""
    with locked(cache() / "runs.lock"):
        for run in _runs():
            if not run.kept.exists() and not disk.in_use(run.folder):
                remove(run)
        run = Run(Path(tempfile.mkdtemp(prefix=RUNS, dir=_TMP)))
        _hold(run.users, files)
    return run


def _hold(path: Path, files: contextlib.ExitStack) -> None:
    file: TextIO = files.enter_context(path.open("a"))
    fcntl.flock(file, fcntl.LOCK_SH)


def _runs() -> list[Run]:
    return [Run(folder) for folder in _TMP.glob(f"{RUNS}*")]


def _ports() -> settings.Ports:
    found: set[int] = set()
    while len(found) < 3:
        found.add(unused_port())
    return settings.Ports(*found)
