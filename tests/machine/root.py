"""What needs root: daemons, their signals, their network. A user gets there through `sudo -n`."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from tests.machine.layout import MachineError


def run(argv: list[str], *, check: bool = True) -> int:
    """Run to the end as root; the exit code. With `check`, a failure raises MachineError with the output."""
    done = subprocess.run([*prefix(), *argv], capture_output=True, text=True, check=False)
    if check and done.returncode:
        raise MachineError(f"{' '.join(argv)}: {(done.stderr or done.stdout).strip()}")
    return done.returncode


def script(text: str) -> None:
    """Several commands at once. MachineError when it fails."""
    run(["sh", "-c", text])


def spawn(argv: list[str], *, path: str, log: Path, pidfile: Path) -> None:
    """Start a daemon that outlives us, its pid in `pidfile`, its output appended to `log`."""
    script = f'export PATH="{path}:$PATH"; "$@" >>"{log}" 2>&1 </dev/null & echo $! >"{pidfile}"'
    done = subprocess.run(
        [*prefix(), "sh", "-c", script, "sh", *argv], start_new_session=True, check=False, stdin=subprocess.DEVNULL
    )
    if done.returncode:
        raise MachineError(f"cannot start {argv[0]} as root: exit code {done.returncode}")


def signal(pid: int, name: str) -> None:
    """KILL, STOP, CONT …; a process that is gone is fine."""
    run(["kill", "-s", name, str(pid)], check=False)


def prefix() -> list[str]:
    """What goes before a command to run it as root; [] for root. Assignments of variables may follow it."""
    if os.geteuid() == 0:
        return []
    if _succeeds("sudo", "-n", "true"):
        return ["sudo", "-n", "-E", "env"]
    raise MachineError(
        "engines for tests are started as root: be root, or have sudo without a password (what needs neither: "
        "sh shell/test.sh --fast)"
    )


def _succeeds(*argv: str) -> bool:
    try:
        return subprocess.run(argv, capture_output=True, check=False, timeout=30).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False
