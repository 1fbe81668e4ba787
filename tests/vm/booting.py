"""From off to an engine that answers, each step awaited; the serial console tells why when one does not come."""

from __future__ import annotations

import functools
from collections.abc import Callable

from tests.machine import MachineError, processes
from tests.vm import forwarding, qemu, ssh
from tests.vm.layout import Run
from tests.vm.settings import Settings

_SECONDS = 240.0


def boot(run: Run, settings: Settings) -> None:
    """MachineError, with the console's end, when it does not come up."""
    base, ports = settings.base, settings.ports
    qemu.start(base, run, {ports.ssh: 22, ports.plain: 2375, ports.tls: 2376})
    ssh.know_host(base, run, ports.ssh)
    _wait_for(run, "sshd is up")
    for user in ("root", "docker"):
        _until(run, functools.partial(ssh.open_master, base, run, ports.ssh, user), "sshd")
    forwarding.start(run)
    _wait_for(run, "the engine is up")


def _wait_for(run: Run, text: str) -> None:
    """The VM's init says so."""
    _until(run, lambda: f"dfdev-vm: {text}" in _console(run), f"the VM to say that {text}")


def _until(run: Run, condition: Callable[[], bool], what: str) -> None:
    pid = qemu.pid(run)
    try:
        processes.wait_until(lambda: condition() or not processes.alive(pid), _SECONDS, what)
    except MachineError as late:
        raise MachineError(f"{late}\n{_console(run)[-3000:]}") from late
    if not processes.alive(pid):
        raise MachineError(f"the VM went off while waiting for {what}\n{_console(run)[-3000:]}")


def _console(run: Run) -> str:
    return run.serial.read_text(errors="replace") if run.serial.exists() else ""
