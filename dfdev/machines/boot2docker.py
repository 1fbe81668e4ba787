"""boot2docker: the command of 2014, one VirtualBox machine; deprecated in 2015.

Sources: boot2docker/boot2docker-cli cmds.go, config.go, util.go, virtualbox/machine.go, driver/driver.go (what it
says when there is no machine); outputs: boot2docker/boot2docker#580, #672. The profile that BOOT2DOCKER_DIR and
BOOT2DOCKER_PROFILE name is read by the command itself. `shellinit` and `ip` log in by ssh, without a deadline and
with `LogLevel=quiet`: where that fails all they say is "exit status 255" (util.go, getSSHCommand).
"""

# ruff: noqa: ARG001 - a provider's functions have the arguments of the protocol

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from dfdev.core.machine import Capabilities, Machine, Share, State
from dfdev.errors import MachineError
from dfdev.machines.docker_machine import virtualbox_hint
from dfdev.machines.output import asked, failed, one, text_of
from dfdev.machines.protocol import LOOK_SECONDS, Argv
from dfdev.system.commands import CommandLate, Commands

name = "boot2docker"
title = "boot2docker"
program = "boot2docker"
install = (
    "boot2docker is no longer made (deprecated in 2015), nor is its successor docker-machine; "
    "today: `brew install colima docker && colima start`"
)

INFO = ("boot2docker", "info")
SHELLINIT = ("boot2docker", "shellinit")
IP = ("boot2docker", "ip")
CONFIG = ("boot2docker", "config")
_SHELLINIT_SECONDS, _IP_SECONDS, _SSH_SECONDS = 6.0, 4.0, 3.0
DEFAULT_VM = "boot2docker-vm"

_STATES: Mapping[str, State] = {
    "running": "running",
    "poweroff": "stopped",
    "aborted": "stopped",
    "paused": "paused",
    "saved": "paused",
}


def parse_info(text: str) -> tuple[str, State, str]:
    """`{"Name": …, "State": "poweroff", …}`: name, state and its word. MachineError."""
    item = one(text, INFO)
    word = text_of(item, "State")
    return text_of(item, "Name") or DEFAULT_VM, _STATES.get(word, "unknown"), word


def parse_shellinit(text: str) -> tuple[str, str]:
    """DOCKER_HOST and DOCKER_CERT_PATH, "" where they are not set: before 1.3 there is no TLS.

    Lines `export NAME=VALUE`, or `set -x NAME VALUE;` for fish; versions of 1.3 print `Writing FILE:` before them.
    """
    found: dict[str, str] = {}
    for line in text.splitlines():
        words = line.replace("=", " ", 1).rstrip(" ;").split(None, 3 if line.strip().startswith("set ") else 2)
        if len(words) >= 3 and words[0] in ("export", "set"):
            found[words[-2]] = words[-1].strip("\"'")
    host = found.get("DOCKER_HOST", "")
    return (host if host.startswith("tcp://") else ""), found.get("DOCKER_CERT_PATH", "")


def parse_ip(text: str) -> str:
    """The address alone on stdout; some versions wrap it in words."""
    words = text.replace(":", " ").split()
    found = [word for word in words if word.count(".") == 3 and word.replace(".", "").isdecimal()]
    return found[-1] if found else ""


def installed(commands: Commands) -> str:
    return commands.which(program) or ""


def machines(commands: Commands, platform: str = sys.platform) -> list[Machine]:
    ran = commands.run(INFO, timeout=LOOK_SECONDS)
    if not ran.ok and "not exist" in ran.err + ran.out:
        return []
    if not ran.ok:
        raise failed(ran)
    vm, state, word = parse_info(ran.out)
    shares = (Share("/Users"),) if platform == "darwin" else ()
    known = Machine(name, vm, state, word, default=True, rootless=False, shares=shares)
    return [_addressed(commands, known) if state == "running" else known]


def capabilities(machine: Machine) -> Capabilities:
    return Capabilities(True, True, True, unshared="empty")


def start(machine: Machine) -> Sequence[Argv]:
    return [(*_program(machine), "up")]


def stop(machine: Machine) -> Sequence[Argv]:
    return [(*_program(machine), "down")]


def restart(machine: Machine) -> Sequence[Argv]:
    return [(*_program(machine), "poweroff"), (*_program(machine), "up")]


def shell(machine: Machine) -> Argv:
    return (*_program(machine), "ssh")


def root(machine: Machine) -> Argv:
    return (*shell(machine), "sudo", "sh", "-s")


def share_hint(machine: Machine, folder: str) -> str:
    return virtualbox_hint(machine.name or DEFAULT_VM, folder, stop(machine), start(machine), shell(machine))


def _program(machine: Machine) -> Argv:
    return (program,) if machine.name in ("", DEFAULT_VM) else (program, f"--vm={machine.name}")


def _addressed(commands: Commands, machine: Machine) -> Machine:
    """Asked over ssh, which a machine that has just woken may not answer: then its address alone, or why there is
    none.
    """
    late = False
    try:
        host, certs = parse_shellinit(asked(commands, SHELLINIT, {"SHELL": "/bin/sh"}, _SHELLINIT_SECONDS))
        if host:
            return replace(machine, host=host, certs=certs)
    except MachineError as error:
        late = isinstance(error, CommandLate)
    try:
        ip = parse_ip(asked(commands, IP, seconds=_IP_SECONDS))
    except MachineError:
        ip = ""
    if ip:
        certs = _certs(commands.environ, machine.name)
        return replace(machine, host=f"tcp://{ip}:{2376 if certs else 2375}", certs=certs)
    if late:
        return replace(machine, word="its ssh does not answer", hangs=True)
    return replace(machine, word=_why_no_ssh(commands))


def _why_no_ssh(commands: Commands) -> str:
    """In ssh's own words: the command itself has silenced them."""
    try:
        settings = dict(line.split(" = ", 1) for line in asked(commands, CONFIG).splitlines() if " = " in line)
        port, key = settings["SSHPort"].strip(), settings["SSHKey"].strip().strip('"')
        ran = commands.run((*SSH, "-p", port, "-i", key, "docker@localhost", "true"), timeout=_SSH_SECONDS)
    except (MachineError, KeyError):
        return "its ssh lets nobody in"
    return f"its ssh says: {parse_complaint(ran.err)}" if not ran.ok else "tells no address"


SSH = (
    "ssh", "-o", "BatchMode=yes", "-o", "IdentitiesOnly=yes", "-o", "StrictHostKeyChecking=no",
    "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR",
)  # fmt: skip


def parse_complaint(text: str) -> str:
    """The line of what ssh prints that says what is wrong: of a key that others may read it prints seven."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return next((line for line in lines if line.startswith("Permissions ")), lines[-1] if lines else "nothing")


def _certs(environ: Mapping[str, str], vm: str) -> str:
    folder = environ.get("BOOT2DOCKER_DIR") or f"{environ.get('HOME', '')}/.boot2docker"
    path = Path(folder, "certs", vm)
    return str(path) if (path / "ca.pem").exists() else ""
