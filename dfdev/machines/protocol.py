"""A provider: the product that runs a machine. One module each; it builds command lines and parses what they print.

Looking runs commands through `Commands` and reads the product's own files; everything else here is pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from dfdev.core.machine import Capabilities, Machine
from dfdev.system.commands import Commands

Argv = Sequence[str]

LOOK_SECONDS = 10.0
"""Deadline of a command that only tells a state."""


class Provider(Protocol):
    """What the module of a provider defines.

    `name` as in dfdev.toml; `title` as people write it; `program` is its command, "" when it has none.
    """

    name: str
    title: str
    program: str
    install: str
    """The line to type to get it, or where it is described when it is no longer made."""

    def installed(self, commands: Commands) -> str:
        """Path of its command or its application, "" when it is not there."""

    def machines(self, commands: Commands) -> list[Machine]:
        """All of them, in the tool's order. It is installed. MachineError: its command fails or says nonsense."""

    def capabilities(self, machine: Machine) -> Capabilities: ...

    def start(self, machine: Machine) -> Sequence[Argv]:
        """The commands that start it, in order; () when there are none."""

    def stop(self, machine: Machine) -> Sequence[Argv]: ...

    def restart(self, machine: Machine) -> Sequence[Argv]:
        """Also for a machine that hangs: by force where the product knows force. `stop` and `start` are gentle."""

    def shell(self, machine: Machine) -> Argv:
        """What goes before the words of a command to run it in the machine, as its usual user; () without a way."""

    def root(self, machine: Machine) -> Argv:
        """A root shell in the machine that reads its script from stdin; () without a way.

        No word of it needs quoting, because ssh glues words together and other tools do not.
        """

    def share_hint(self, machine: Machine, folder: str) -> str:
        """The exact setting or command that shares a host folder with the machine."""
