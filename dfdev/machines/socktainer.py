"""socktainer: a part of Docker's API over Apple's `container`, which gives each container a VM of its own.

Sources, socktainer/socktainer 1.2.1: README.md (socket, context, what is missing), Routes/Server/InfoRoute.swift: its
`SystemTime` is the Mac's own, so that the engine's clock says nothing of the containers'. It prints no state of itself;
its socket tells whether somebody listens. Never run here; whether the containers' clocks stand still in a sleep is not
known, and dfdev sets none of them.
"""

# ruff: noqa: ARG001 - a provider's functions have the arguments of the protocol

from __future__ import annotations

import socket
from collections.abc import Callable

from dfdev.core.machine import Capabilities, Machine, Share
from dfdev.machines.unmanaged import restart as restart
from dfdev.machines.unmanaged import root as root
from dfdev.machines.unmanaged import shell as shell
from dfdev.machines.unmanaged import start as start
from dfdev.machines.unmanaged import stop as stop
from dfdev.system.commands import Commands

name = "socktainer"
title = "socktainer"
program = "socktainer"
install = "brew install socktainer && brew services start container && brew services start socktainer"

_SECONDS = 1.0


def listening(path: str) -> bool:
    """Somebody takes calls at that socket: a file may be left of a server that is gone."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as tried:
        tried.settimeout(_SECONDS)
        try:
            tried.connect(path)
        except OSError:
            return False
    return True


def installed(commands: Commands) -> str:
    return commands.which(program) or ""


def machines(commands: Commands, there: Callable[[str], bool] = listening) -> list[Machine]:
    path = f"{commands.environ.get('HOME', '')}/.socktainer/container.sock"
    runs = there(path)
    word = f"{'something' if runs else 'nothing'} listens at {path}"
    return [
        Machine(name, "", "running" if runs else "stopped", word, f"unix://{path}", default=True, shares=(Share("/"),))
    ]


def capabilities(machine: Machine) -> Capabilities:
    """Its engine has the Mac's clock, and each container one of its own."""
    return Capabilities(clock_per_container=True)


def share_hint(machine: Machine, folder: str) -> str:
    return f"socktainer runs on the Mac: does {folder} exist, and may it read it?"
