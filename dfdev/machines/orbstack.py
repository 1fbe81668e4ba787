"""OrbStack: one machine, which has the whole file system of the Mac at the same paths.

Sources: docs.orbstack.dev/headless and /docker/file-sharing; `orb status` prints one word, and fails when it is not
Running. There is no shell into the machine that runs Docker: `orb` leads into Linux machines.
"""

# ruff: noqa: ARG001 - a provider's functions have the arguments of the protocol

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dfdev.core.machine import Capabilities, Machine, Share, State
from dfdev.machines.output import failed
from dfdev.machines.protocol import LOOK_SECONDS, Argv
from dfdev.system.commands import Commands

name = "orbstack"
title = "OrbStack"
program = "orb"
install = "brew install --cask orbstack && orb start"

STATUS = ("orb", "status")
SELF_SYNC = 5.0
"""It sets the time when the Mac wakes (orbstack/swift-nio iokit/callback.go); how long that takes is not documented."""

_STATES: Mapping[str, State] = {
    "running": "running",
    "stopped": "stopped",
    "starting": "starting",
    "stopping": "stopping",
}


def parse_status(text: str) -> tuple[State, str]:
    """The state and its word: the last line that is one of its words. `unknown` and "" when there is none."""
    words = [line.strip().rstrip(".") for line in text.splitlines()]
    found = [word for word in words if word.lower() in _STATES]
    return (_STATES[found[-1].lower()], found[-1]) if found else ("unknown", "")


def installed(commands: Commands) -> str:
    return commands.which(program) or ""


def machines(commands: Commands) -> list[Machine]:
    ran = commands.run(STATUS, timeout=LOOK_SECONDS)
    state, word = parse_status(f"{ran.out}\n{ran.err}")
    if not word and not ran.ok:
        raise failed(ran)
    host = f"unix://{commands.environ.get('HOME', '')}/.orbstack/run/docker.sock"
    return [Machine(name, "", state, word, host, default=True, rootless=False, shares=(Share("/"),))]


def capabilities(machine: Machine) -> Capabilities:
    return Capabilities(start=True, set_clock=True, self_sync=SELF_SYNC, unshared="error")


def start(machine: Machine) -> Sequence[Argv]:
    return [("orb", "start")]


def stop(machine: Machine) -> Sequence[Argv]:
    return [("orb", "stop")]


def restart(machine: Machine) -> Sequence[Argv]:
    return [("orb", "stop"), ("orb", "start")]


def shell(machine: Machine) -> Argv:
    return ()


def root(machine: Machine) -> Argv:
    return ()


def share_hint(machine: Machine, folder: str) -> str:
    return (
        f"OrbStack shares every folder of the Mac: does {folder} exist, and may OrbStack read it "
        "(System Settings → Privacy & Security → Files & Folders)?"
    )
