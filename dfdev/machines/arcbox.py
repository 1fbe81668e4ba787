"""ArcBox: one VM for all containers, with the Mac's /Users at the same path.

Sources, arcboxlabs/arcbox 0.4.1: app/arcbox-cli/src/commands/daemon.rs (what `abctl daemon status` prints),
docs/data-directories.md (the socket), app/arcbox-core/src/machine.rs (the shares). Of 0.6 only issue 574 is known: its
clock stays behind by all the time that the Mac slept. Never run here. `abctl machine` leads into Linux machines, not
into the VM of the containers: a container sets the clock.
"""

# ruff: noqa: ARG001 - a provider's functions have the arguments of the protocol

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dfdev.core.machine import Capabilities, Machine, Share, State
from dfdev.core.typed import typed
from dfdev.machines.output import asked
from dfdev.machines.protocol import Argv
from dfdev.machines.unmanaged import root as root
from dfdev.machines.unmanaged import shell as shell
from dfdev.system.commands import Commands

name = "arcbox"
title = "ArcBox"
program = "abctl"
install = "see arcbox.dev, then `abctl daemon start`"

STATUS = ("abctl", "daemon", "status")
_SAYS = "ArcBox daemon status:"
_STATES: Mapping[str, State] = {"running": "running", "stopped": "stopped"}


def parse_status(text: str) -> tuple[State, str]:
    """Of `ArcBox daemon status: running`, a line among others: the state and its word."""
    lines = [line.strip() for line in text.splitlines()]
    word = next((line.removeprefix(_SAYS).strip() for line in lines if line.startswith(_SAYS)), "")
    return _STATES.get(word, "unknown"), word


def installed(commands: Commands) -> str:
    return commands.which(program) or ""


def machines(commands: Commands) -> list[Machine]:
    state, word = parse_status(asked(commands, STATUS))
    host = f"unix://{commands.environ.get('HOME', '')}/.arcbox/run/docker.sock"
    return [Machine(name, "", state, word, host, default=True, rootless=False, shares=(Share("/Users"),))]


def capabilities(machine: Machine) -> Capabilities:
    return Capabilities(start=True, set_clock=True, unshared="empty")


def start(machine: Machine) -> Sequence[Argv]:
    return [("abctl", "daemon", "start")]


def stop(machine: Machine) -> Sequence[Argv]:
    return [("abctl", "daemon", "stop")]


def restart(machine: Machine) -> Sequence[Argv]:
    return [*stop(machine), *start(machine)]


def share_hint(machine: Machine, folder: str) -> str:
    return f"ArcBox shares /Users and nothing else: move it there, as in `{typed('mv', folder)} ~/`"
