"""Which processes are ours, read from /proc: a pid file alone may name a stranger after a reboot."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from tests.machine.layout import MachineError

_PROC = Path("/proc")


def alive(pid: int) -> bool:
    """Running or stopped, not a zombie that nobody has reaped yet."""
    try:
        stat = (_PROC / str(pid) / "stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] not in "ZX"


def stopped(pid: int) -> bool:
    """Whether SIGSTOP has reached every thread: until then some of them still answer."""
    try:
        states = [(task / "stat").read_text().rpartition(")")[2].split()[0] for task in _tasks(pid)]
    except OSError:
        return False
    return bool(states) and set(states) <= {"T", "t"}


def find(program: str, argument: str) -> list[int]:
    """Pids of `program` processes with an argument that is exactly `argument`."""
    return [pid for pid in _pids() if alive(pid) and _is(pid, program, argument)]


def children(pid: int) -> list[int]:
    return [child for child in _pids() if _parent(child) == pid]


def running(program: str) -> list[int]:
    """Of those in our network: one in another meets none of our ports and rules."""
    found = [pid for pid in _pids() if alive(pid) and _argv(pid)[:1] and Path(_argv(pid)[0]).name == program]
    return [pid for pid in found if _network(pid) in ("", _network("self"))]


def wait_until(condition: Callable[[], bool], seconds: float, what: str) -> None:
    """Poll until it holds. MachineError after `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise MachineError(f"waited {seconds:.0f} s for {what}")
        time.sleep(0.02)


def _tasks(pid: int) -> list[Path]:
    return list((_PROC / str(pid) / "task").iterdir())


def _pids() -> list[int]:
    return [int(entry.name) for entry in _PROC.iterdir() if entry.name.isdigit()]


def _is(pid: int, program: str, argument: str) -> bool:
    argv = _argv(pid)
    return bool(argv) and Path(argv[0]).name == program and argument in argv


def _argv(pid: int) -> list[str]:
    try:
        return (_PROC / str(pid) / "cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return []


def _network(pid: int | str) -> str:
    """ "" when it is not ours to know."""
    try:
        return str((_PROC / str(pid) / "ns" / "net").readlink())
    except OSError:
        return ""


def _parent(pid: int) -> int:
    try:
        return int((_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, IndexError):
        return -1
