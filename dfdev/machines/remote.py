"""An engine of which only the address is known: another host, or a tunnel to one. It is used and left alone."""

# ruff: noqa: ARG001 - a provider's functions have the arguments of the protocol

from __future__ import annotations

from dfdev.core.machine import Machine
from dfdev.machines.unmanaged import capabilities as capabilities
from dfdev.machines.unmanaged import restart as restart
from dfdev.machines.unmanaged import root as root
from dfdev.machines.unmanaged import shell as shell
from dfdev.machines.unmanaged import start as start
from dfdev.machines.unmanaged import stop as stop
from dfdev.system.commands import Commands

name = "remote"
title = "another host"
program = ""
install = ""


def at(host: str, certs: str = "") -> Machine:
    """`host` as in DOCKER_HOST."""
    return Machine(name, host.partition("://")[2], host=host, certs=certs, cloud=True)


def installed(commands: Commands) -> str:
    return ""


def machines(commands: Commands) -> list[Machine]:
    """None: nobody lists other hosts."""
    return []


def share_hint(machine: Machine, folder: str) -> str:
    return f"the engine at {machine.host} has folders of its own: put the code there, or use an engine on this host"
