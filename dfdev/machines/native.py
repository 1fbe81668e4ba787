"""Docker on this very host (Linux): no machine, no clock of its own, every folder at its own path.

To start and stop it needs root: `sudo systemctl start docker` is for the user to type.
"""

# ruff: noqa: ARG001 - a provider's functions have the arguments of the protocol

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from dfdev.core.machine import Machine, Share, State
from dfdev.core.typed import typed
from dfdev.machines.protocol import LOOK_SECONDS
from dfdev.machines.unmanaged import capabilities as capabilities
from dfdev.machines.unmanaged import restart as restart
from dfdev.machines.unmanaged import root as root
from dfdev.machines.unmanaged import shell as shell
from dfdev.machines.unmanaged import start as start
from dfdev.machines.unmanaged import stop as stop
from dfdev.system.commands import Commands

name = "native"
title = "Docker on this host"
program = "dockerd"
install = "sh shell/quickstart.sh"

ACTIVE = ("systemctl", "is-active", "docker")
SOCKET = "/var/run/docker.sock"

_STATES: Mapping[str, State] = {
    "active": "running",
    "activating": "starting",
    "reloading": "running",
    "deactivating": "stopping",
    "inactive": "stopped",
    "failed": "broken",
}


def parse_active(text: str) -> tuple[State, str]:
    """The one word of `systemctl is-active`, also when it fails: the state and the word."""
    word = text.strip().splitlines()[0].strip() if text.strip() else ""
    return _STATES.get(word, "unknown"), word


def installed(commands: Commands, platform: str = sys.platform, socket: str = SOCKET) -> str:
    if not platform.startswith("linux"):
        return ""
    return commands.which(program) or (socket if Path(socket).exists() else "")


def machines(commands: Commands, socket: str = SOCKET) -> list[Machine]:
    """Exactly one. Without systemd the socket is all there is to see: its daemon may have gone."""
    state, word = _by_systemd(commands)
    if state == "unknown":
        there = Path(socket).exists()
        state, word = ("running" if there else "stopped"), f"{socket} is {'' if there else 'not '}there"
    return [Machine(name, "", state, word, f"unix://{socket}", default=True, shares=(Share("/"),))]


def share_hint(machine: Machine, folder: str) -> str:
    look = typed("ls -ld", folder)
    return f"the engine runs on this host and sees every folder: `{look}` shows why it does not see this one"


def _by_systemd(commands: Commands) -> tuple[State, str]:
    if commands.which(ACTIVE[0]) is None:
        return "unknown", ""
    return parse_active(commands.run(ACTIVE, timeout=LOOK_SECONDS).out)
