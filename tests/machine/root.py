"""What needs root: daemons, their signals, their network. As a user: through `sudo -n`, else through the machine's
engine, whose group can do as much: a container that enters our own namespaces.
"""

from __future__ import annotations

import io
import os
import subprocess
import tarfile
from pathlib import Path

from tests.machine.layout import MachineError, default_cache
from tests.machine.packages import fetch

_IMAGE = "dfdev-test/root:1"
_ENTER = ("--privileged", "--pid=host", "--net=host", "--cgroupns=host", _IMAGE)
_NSENTER = ("/busybox", "nsenter", "-m", "-u", "-i", "-n", "-t")
_LEAVE_CGROUP = 'for f in /sys/fs/cgroup/cgroup.procs /sys/fs/cgroup/*/cgroup.procs; do echo $$ >"$f"; done 2>/dev/null'
"""A daemon started in a container's cgroup would die with that container."""


def run(argv: list[str], *, check: bool = True) -> int:
    """Run to the end as root; the exit code. With `check`, a failure raises MachineError with the output."""
    done = subprocess.run([*prefix(), *argv], capture_output=True, text=True, check=False)
    if check and done.returncode:
        raise MachineError(f"{' '.join(argv)}: {(done.stderr or done.stdout).strip()}")
    return done.returncode


def script(text: str) -> None:
    """Several commands at once: each of its own costs a container where we are nobody. MachineError when it fails."""
    run(["sh", "-c", text])


def spawn(argv: list[str], *, path: str, log: Path, pidfile: Path) -> None:
    """Start a daemon that outlives us, its pid in `pidfile`, its output appended to `log`."""
    leave = _LEAVE_CGROUP if os.geteuid() else ":"
    script = f'{leave}; export PATH="{path}:$PATH"; "$@" >>"{log}" 2>&1 </dev/null & echo $! >"{pidfile}"'
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
    docker = str(fetch("28", default_cache()) / "usr/bin/docker")
    if not _succeeds(docker, "image", "inspect", _IMAGE):
        _import_busybox(docker)
    return [docker, "run", "--rm", *_ENTER, *_NSENTER, str(os.getpid()), "--", "/usr/bin/env"]


def _succeeds(*argv: str) -> bool:
    try:
        return subprocess.run(argv, capture_output=True, check=False, timeout=30).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _import_busybox(docker: str) -> None:
    """An image with nothing but a static busybox."""
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w") as archive:
        archive.add(fetch("28", default_cache()) / "bin" / "busybox", "busybox")
    done = subprocess.run([docker, "import", "-", _IMAGE], input=tar.getvalue(), capture_output=True, check=False)
    if done.returncode:
        raise MachineError(
            "engines for tests are started as root: be root, have sudo without a password, or be in the group of an "
            f"engine that runs ({done.stderr.decode().strip()})"
        )
