"""Where an engine runs: whose machine it is, and what can be done with it."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from dataclasses import replace

from dfdev.core.machine import Capabilities, Machine, Share
from dfdev.core.providers import Owner
from dfdev.errors import MachineError
from dfdev.machines import catalog
from dfdev.machines.mounts import MOUNTS, parse_mounts
from dfdev.machines.protocol import Provider
from dfdev.system.commands import Commands
from dfdev.system.dialogue import Answers, Dialogue

_DOCUMENTED: dict[str, Answers] = {
    "boot2docker": ((r"yes/no", "yes"), (r"assword", "tcuser")),
    "docker-machine": ((r"yes/no", "yes"), (r"assword", "tcuser")),
}
"""What the boot2docker image documents: user docker, password tcuser, a new host key with each new machine."""
_SHELL_SECONDS = 20.0


class Place:
    """Asks the provider's own tool when something is not known yet, once. `host`: the engine's address; `local`:
    somebody says that a machine of which nothing tells where it runs is on this computer.
    """

    def __init__(
        self, owner: Owner, host: str, commands: Commands, machine: Machine | None = None, *, local: bool = False
    ) -> None:
        self.owner = owner
        self.host = host
        self._commands = commands
        self._machine = machine
        self._local = local

    @property
    def label(self) -> str:
        """How messages call it."""
        return f"{self.owner.provider} {self.owner.name}".rstrip()

    @property
    def here(self) -> bool:
        """The engine runs in a machine of this computer, and not on it or elsewhere."""
        return self.owner.here

    @property
    def provider(self) -> Provider:
        return catalog.provider(self.owner.provider)

    @property
    def machine(self) -> Machine:
        """As its tool tells it; what is known without the tool where that is missing, or does not know it."""
        if self._machine is None:
            self._machine = self._asked()
        if self._local and self._machine.perhaps_here:
            self._machine = replace(self._machine, cloud=False, perhaps_here=False)
        return self._machine

    @property
    def capabilities(self) -> Capabilities:
        return self.provider.capabilities(self.machine)

    @property
    def can_set_clock(self) -> bool:
        return self.here and not self.machine.cloud and self.capabilities.set_clock

    def shares(self) -> tuple[Share, ...] | None:
        """What the tool tells, and what is really mounted in the machine where somebody can look. None: unknown, also
        where that look failed: a machine that fell asleep meanwhile has not said that anything is missing.
        """
        told = self.machine.shares
        if not self.has_root:
            return told
        try:
            mounted = self._mounted()
        except MachineError:
            return None
        return (*mounted, *(told or ())) if told is not None or mounted else None

    @property
    def has_root(self) -> bool:
        return self.here and self.capabilities.root_shell and self._installed

    def open_root(self) -> Dialogue:
        """A root shell in it, which must have one (`has_root`). CommandMissing."""
        answers = _DOCUMENTED.get(self.owner.provider, ())
        return Dialogue(self.provider.root(self.machine), self._commands.environ, answers)

    def run_in_order(
        self, argvs: Sequence[Sequence[str]], timeout: float, on_line: Callable[[str], None] | None = None
    ) -> None:
        """Commands of its tool, one after another. MachineError with what the tool said."""
        for argv in argvs:
            ran = self._commands.run(argv, timeout=timeout, on_line=on_line)
            if not ran.ok and not _done_already(argv, ran.err + ran.out):
                words = shlex.join(argv)
                raise MachineError(f"`{words}` failed: {ran.said}", f"run `{words}` by hand to see more")

    @property
    def _installed(self) -> bool:
        return bool(self.provider.installed(self._commands))

    def _asked(self) -> Machine:
        known = Machine(self.owner.provider, self.owner.name, host=self.host)
        if not self.here or not self._installed:
            return known
        try:
            found = self.provider.machines(self._commands)
        except MachineError as error:
            return replace(known, word=error.message)
        return pick(found, self.owner.name, self.host) or known

    def _mounted(self) -> tuple[Share, ...]:
        with self.open_root() as shell:
            return parse_mounts(shell.ask(MOUNTS, timeout=_SHELL_SECONDS).out)


def _done_already(argv: Sequence[str], said: str) -> bool:
    """A machine that somebody else started meanwhile: that is what was wanted."""
    return not {"start", "up"}.isdisjoint(argv) and "already running" in said.lower()


def pick(machines: Sequence[Machine], name: str, host: str) -> Machine | None:
    """The one of that name, else the one at that address, else the default, else the only one."""
    named = [m for m in machines if name and m.name == name]
    there = [m for m in machines if m.host and m.host == host]
    usual = [m for m in machines if not name and (m.default or len(machines) == 1)]
    return next(iter([*named, *there, *usual]), None)
