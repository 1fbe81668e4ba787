"""An engine of which only the address is known: another host, or a tunnel to one. It is used and left alone."""

# ruff: noqa: ARG001 - a provider's functions have the arguments of the protocol

from __future__ import annotations

from collections.abc import Sequence

from dfdev.core.machine import Capabilities, Machine
from dfdev.machines.protocol import Argv
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


def capabilities(machine: Machine) -> Capabilities:
    return Capabilities()


def start(machine: Machine) -> Sequence[Argv]:
    return ()


def stop(machine: Machine) -> Sequence[Argv]:
    return ()


def restart(machine: Machine) -> Sequence[Argv]:
    return ()


def shell(machine: Machine) -> Argv:
    return ()


def root(machine: Machine) -> Argv:
    return ()


def share_hint(machine: Machine, folder: str) -> str:
    return f"the engine at {machine.host} has folders of its own: put the code there, or use an engine on this host"
