"""What needs root: daemons, their signals, their network. As a user, through `sudo -n`."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from tests.machine.layout import MachineError


def run(argv: list[str], *, check: bool = True) -> int:
    """Run to the end as root; the exit code. With `check`, a failure raises MachineError with the output."""
    done = subprocess.run([*_prefix(), *argv], capture_output=True, text=True, check=False)
    if check and done.returncode:
        raise MachineError(f"{' '.join(argv)}: {(done.stderr or done.stdout).strip()}")
    return done.returncode


def spawn(argv: list[str], *, path: str, log: Path, pidfile: Path) -> None:
    """Start a daemon that outlives us, its pid in `pidfile`, its output appended to `log`."""
    script = f'export PATH="{path}:$PATH"; "$@" >>"{log}" 2>&1 </dev/null & echo $! >"{pidfile}"'
    done = subprocess.run(
        [*_prefix(), "sh", "-c", script, "sh", *argv], start_new_session=True, check=False, stdin=subprocess.DEVNULL
    )
    if done.returncode:
        raise MachineError(f"cannot start {argv[0]} as root: run as root, or as a user with sudo without a password")


def signal(pid: int, name: str) -> None:
    """KILL, STOP, CONT …; a process that is gone is fine."""
    run(["kill", "-s", name, str(pid)], check=False)


def _prefix() -> list[str]:
    return [] if os.geteuid() == 0 else ["sudo", "-n", "-E"]
