"""What a provider can do whose engine dfdev uses and does not look after: nothing."""

# ruff: noqa: ARG001 - a provider's functions have the arguments of the protocol

from __future__ import annotations

from collections.abc import Sequence

from dfdev.core.machine import Capabilities, Machine
from dfdev.machines.protocol import Argv


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
