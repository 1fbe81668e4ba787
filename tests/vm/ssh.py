"""ssh into the VM: as root for the tests' own business, as `docker` for what a product's command does."""

from __future__ import annotations

import subprocess

from tests.machine import MachineError
from tests.vm.layout import Base, Run

PASSWORD = "tcuser"
"""The user docker's; the documented one of boot2docker."""


def options(base: Base, run: Run, port: int) -> list[str]:
    """ssh and what it needs to get in without a question."""
    return [
        *["ssh", "-F", "none", "-p", str(port), "-i", str(base.key), "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes"],
        *["-o", f"UserKnownHostsFile={run.known_hosts}", "-o", "StrictHostKeyChecking=yes", "-o", "LogLevel=ERROR"],
        *["-o", "ConnectTimeout=10"],
    ]


def know_host(base: Base, run: Run, port: int) -> None:
    kind, key, *_ = base.host_key.read_text().split()
    names = [f"[{name}]:{port}" for name in ("127.0.0.1", "localhost")]
    run.known_hosts.write_text("".join(f"{name} {kind} {key}\n" for name in names))


def through_master(base: Base, run: Run, port: int, user: str) -> list[str]:
    """Over the connection that `open_master` left, a new one without it. An emulated key exchange takes 0.5 s."""
    sharing = ["-o", f"ControlPath={run.ssh_master}-%r", "-o", "ControlMaster=no"]
    return [*options(base, run, port), *sharing, f"{user}@127.0.0.1"]


def open_master(base: Base, run: Run, port: int, user: str) -> bool:
    """Whether the VM's sshd answered. The connection stays in the background until the VM is gone."""
    (run.folder / f"{run.ssh_master.name}-{user}").unlink(missing_ok=True)
    stay = ["-o", f"ControlPath={run.ssh_master}-%r", "-o", "ControlMaster=yes", "-f", "-N", "-T"]
    command = [*options(base, run, port), *stay, f"{user}@127.0.0.1"]
    nothing = subprocess.DEVNULL  # what stays must not hold a pipe of ours open
    done = subprocess.run(command, stdin=nothing, stdout=nothing, stderr=nothing, start_new_session=True)
    return done.returncode == 0


def run(argv: list[str], command: str, *, check: bool, stdin: bytes, timeout: float) -> str:
    """What the command printed. MachineError: with `check`, when its exit code is not 0; always after `timeout`."""
    try:
        done = subprocess.run([*argv, command], input=stdin, capture_output=True, timeout=timeout)
    except subprocess.TimeoutExpired as late:
        raise MachineError(f"`{command}` in the VM took longer than {timeout:.0f} s") from late
    if check and done.returncode:
        said = (done.stderr or done.stdout).decode(errors="replace").strip()
        raise MachineError(f"`{command}` in the VM: exit code {done.returncode}: {said}")
    return done.stdout.decode(errors="replace")
