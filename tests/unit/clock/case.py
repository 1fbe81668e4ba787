"""A keeper of a clock in a VM in memory, and what it said."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from dfdev.clock.keeping import Keeper
from dfdev.clock.memory import memory_path, recall
from dfdev.core.clock import MILLISECOND
from dfdev.core.correction import Memory, Mode, Rest
from dfdev.core.events import Event, Notice
from dfdev.core.frozen import dataclass as frozen
from dfdev.core.machine import Machine
from dfdev.core.observed import EngineInfo
from dfdev.core.providers import Owner
from dfdev.core.questions import Questions
from dfdev.engine.endpoint import Endpoint
from dfdev.errors import ClockRefused
from dfdev.machines.locate import Located
from dfdev.machines.place import Place
from dfdev.system.commands import Commands
from dfdev.system.dialogue import Dialogue
from tests.fakes.commands import FakeCommands
from tests.unit.clock.vm import Vm

TOLERANCE = 500 * MILLISECOND
START = 1_700_000_000.0
REFUSED = ClockRefused("the certificate is not yet valid", "compare `date` on both")


class VmPlace(Place):
    """Its root shell is the test's."""

    def __init__(self, owner: Owner, vm: Vm, commands: Commands, rooted: bool, machine: Machine) -> None:
        super().__init__(owner, "unix:///vm.sock", commands, machine)
        self._vm = vm
        self._rooted = rooted

    @property
    def has_root(self) -> bool:
        return self.here and self._rooted

    def open_root(self) -> Dialogue:
        return cast(Dialogue, self._vm.shell)


@frozen(frozen=True)
class VmLocated(Located):
    vm: Vm | None = None
    rooted: bool = True
    cloud: bool = False

    def place(self, info: EngineInfo | None, commands: Commands) -> Place:
        assert self.vm is not None
        owner = self.whose(info)
        return VmPlace(owner, self.vm, commands, self.rooted, Machine(owner.provider, cloud=self.cloud))


@dataclass
class Case:
    """A keeper, and what was said. `slept`: seconds that this host has slept so far."""

    folder: Path
    vm: Vm
    provider: str = "colima"
    mode: Mode = "auto"
    rooted: bool = True
    cloud: bool = False
    agrees: bool = False
    slept: float = 0.0
    now: float = START
    said: list[Event] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    @property
    def keeper(self) -> Keeper:
        located = VmLocated(
            Endpoint("unix:///vm.sock", "a test"),
            Owner(self.provider),
            vm=self.vm,
            rooted=self.rooted,
            cloud=self.cloud,
        )
        commands = FakeCommands({"XDG_STATE_HOME": str(self.folder), "HOME": "/nonexistent", "PATH": ""})
        return Keeper(
            self.vm.engine,
            located,
            commands,
            TOLERANCE,
            self.mode,
            rest=lambda: Rest("boot", self.slept),
            now=lambda: self.now,
            sleep=self.vm.sleep,
        )

    @property
    def questions(self) -> Questions:
        def agree(text: str) -> bool:
            self.asked.append(text)
            return self.agrees

        return Questions(agree)

    def keeps(self) -> tuple[str, int]:
        """As `up` does: with an answer that was asked for anyway. The verdict, and how often the engine was asked."""
        info = self.vm.engine.info()
        before = self.vm.engine.told
        found = self.keeper.keep(info, self.questions, self.said.append)
        return found.verdict, self.vm.engine.told - before

    @property
    def warnings(self) -> list[str]:
        return [event.text for event in self.said if isinstance(event, Notice) and event.warning]

    @property
    def path(self) -> Path:
        return memory_path({"XDG_STATE_HOME": str(self.folder)}, "unix:///vm.sock")

    @property
    def memory(self) -> Memory:
        return recall(self.path)
