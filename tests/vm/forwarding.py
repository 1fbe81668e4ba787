"""Ports that containers publish in the VM, on this host's 127.0.0.1 at the same number, for as long as they listen.

A process of its own beside the VM, as Lima's host agent is: a port that is published nowhere is free on this host.
    python -m tests.vm.forwarding FOLDER-OF-THE-RUN
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.vm import qmp, settings, ssh
from tests.vm.layout import Run

_ROOT = Path(__file__).resolve().parents[2]


def start(run: Run) -> None:
    """Until the VM is gone, even when we go earlier."""
    command = ["setsid", "--fork", sys.executable, "-m", "tests.vm.forwarding", str(run.folder)]
    with (run.folder / "forwarding.log").open("a") as log:
        subprocess.run(command, check=True, cwd=_ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log)


def changes(before: set[int], now: set[int]) -> list[str]:
    """The emulator's commands that lead from one set of ports to the other."""
    gone = [f"hostfwd_remove net tcp:127.0.0.1:{port}" for port in sorted(before - now)]
    return gone + [f"hostfwd_add net tcp:127.0.0.1:{port}-10.0.2.15:{port}" for port in sorted(now - before)]


def _follow(run: Run) -> None:
    known = settings.load(run)
    command = [*ssh.options(known.base, run, known.ports.ssh), "root@127.0.0.1", "ports"]
    open_ports: set[int] = set()
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as watcher:
        assert watcher.stdout is not None
        for line in watcher.stdout:
            now = {int(word) for word in line.split()}
            for change in changes(open_ports, now):
                print(change, qmp.monitor(run.qmp, change), flush=True)
            open_ports = now


if __name__ == "__main__":
    _follow(Run(Path(sys.argv[1])))
