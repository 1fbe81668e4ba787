"""The machine's side of a place apart: it is made, joined to the network by slirp4netns, and waited for."""

from __future__ import annotations

import ctypes
import fcntl
import os
import select
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import TextIO

from tests.machine import MachineError

_READY_SECONDS = 30.0
_UNSHARE = ("unshare", "--net", "--mount", "--pid", "--ipc", "--fork", "--kill-child", "--mount-proc")
_PR_SET_PDEATHSIG = 1


def run(command: list[str], cache: Path, user: tuple[int, int]) -> int:
    """Its exit code. We are root, `user` is who runs the command. Whoever kills us ends all that is in there."""
    die_with_parent()
    number, claim = _claim(cache)
    ready, ready_for_us = os.pipe()
    told, tell = os.pipe()
    arguments = [*map(str, (ready_for_us, told, *user, number)), *command]
    place = subprocess.Popen(
        [*_UNSHARE, sys.executable, "-B", "-m", "tests.apart.inside", *arguments],
        pass_fds=(ready_for_us, told, claim.fileno()),
        preexec_fn=die_with_parent,
    )
    _heed_signals(place)
    os.close(ready_for_us)
    if _answer(ready):
        _uplink(place.pid)
        os.write(tell, b"1")
    code = place.wait()
    return code if code >= 0 else 128 - code


def die_with_parent() -> None:
    """A run whose parent was killed would go on unseen."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _heed_signals(place: subprocess.Popen[bytes]) -> None:
    """Ctrl-C reaches everybody who is at the terminal, and the command decides; to end us ends the place."""
    for name in (signal.SIGINT, signal.SIGQUIT):
        signal.signal(name, lambda *_: None)
    for name in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, lambda *_: place.kill())


def _claim(cache: Path) -> tuple[int, TextIO]:
    """The first number that no living run of this cache has, and what holds it: its engines keep their data by it."""
    folder = cache / "apart"
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(1, 100):
        file = (folder / f"{number}.lock").open("a")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
        else:
            return number, file
    raise MachineError(f"99 runs use {cache} already")


def _uplink(pid: int) -> None:
    """A network in user space for the namespace of that process: no interface, no address, no rule on this machine.
    It ends with us: then the other end of its pipe closes.
    """
    program = shutil.which("slirp4netns")
    if program is None:
        raise MachineError("slirp4netns is missing: apt-get install slirp4netns")
    ready, ready_for_us = os.pipe()
    end, _ours = os.pipe()
    options = [
        "--configure",
        "--mtu=65520",
        "--disable-host-loopback",
        f"--ready-fd={ready_for_us}",
        f"--exit-fd={end}",
    ]
    uplink = subprocess.Popen(
        [program, *options, str(pid), "tap0"],
        pass_fds=[ready_for_us, end],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    os.close(ready_for_us)
    os.close(end)
    if not _answer(ready):
        uplink.kill()
        assert uplink.stderr is not None
        raise MachineError(f"slirp4netns: {uplink.stderr.read().decode(errors='replace').strip()}")


def _answer(pipe: int) -> bool:
    """Whether the other end said something, before it closed and in time."""
    readable, _, _ = select.select([pipe], [], [], _READY_SECONDS)
    return bool(readable and os.read(pipe, 1))
