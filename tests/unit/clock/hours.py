"""A host, a machine and an engine of which hours pass in milliseconds, for the watch over the clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import pytest

from dfdev.clock.correct import Correction
from dfdev.clock.keeping import Keeper
from dfdev.clock.watch import Watch, Watched
from dfdev.core.clock import MILLISECOND, SECOND, Exchange
from dfdev.core.correction import Mode, Rest
from dfdev.core.events import Event, Notice
from dfdev.core.machine import Machine
from dfdev.core.observed import EngineInfo
from dfdev.core.providers import Owner
from dfdev.engine.endpoint import Endpoint
from dfdev.engine.open import open_engine
from dfdev.engine.protocol import ExecResult
from dfdev.errors import EngineAbsent, EngineError, EngineHung
from dfdev.machines.locate import Located, nowhere
from dfdev.machines.place import Place
from dfdev.system.dialogue import Dialogue
from tests.fakes.commands import FakeCommands
from tests.fakes.engine import FakeEngine
from tests.fakes.shell import FakeShell

START = 1_700_000_000.0
ABSENT = EngineAbsent("no Docker engine", "start it")
HUNG = EngineHung("the engine did not answer", "restart it")


class Over(Exception):
    """The end of a test's story, as Ctrl-C is of a real one."""


class Engine(FakeEngine):
    """In a VM. `down`: what a question raises; `questions`: the cheap ones so far; `careful`: the others."""

    def __init__(self, world: World) -> None:
        super().__init__(images={"dfdev/small:1": "sha256:1"}, on_once=world.step)
        self.down: EngineError | None = None
        self.questions = self.careful = 0
        self.world = world

    def date(self, seconds: float | None = None) -> Exchange | None:
        self.questions += 1
        if isinstance(self.down, EngineHung):
            self.world.pass_by(seconds or 10.0)
        if self.down is not None:
            raise self.down
        return self._asked_at(SECOND)

    def info(self) -> EngineInfo:
        self.careful += 1
        if self.down is not None:
            raise self.down
        return EngineInfo("28.5.2", "1.45", "Docker Desktop", "docker-desktop", clock=self._asked_at(1))

    def _asked_at(self, grain: int) -> Exchange:
        now = self.world.now()
        stamp = now + self.skew
        return Exchange(now, now + MILLISECOND, MILLISECOND, stamp - stamp % grain, grain)


class Rooted(Place):
    """Has a root shell: that of the test."""

    def __init__(self, world: World, shell: FakeShell) -> None:
        super().__init__(world.owner, "unix:///vm.sock", world.commands)
        self._shell = shell

    @property
    def has_root(self) -> bool:
        return True

    def open_root(self) -> Dialogue:
        return cast(Dialogue, self._shell)


@dataclass
class World:
    """A host whose time passes when somebody sleeps. `pull`: the offset that a daemon in the VM sets it back to.

    `script`: seconds since the beginning -> what happens then.
    """

    folder: Path
    wall: float = START
    monotonic: float = 0.0
    slept: float = 0.0
    mode: Mode = "auto"
    refuses: bool = False
    host: str = "unix:///vm.sock"
    looks: list[float] = field(default_factory=list)
    said: list[tuple[float, str, bool]] = field(default_factory=list)
    done: list[tuple[float, Correction]] = field(default_factory=list)
    script: dict[float, Callable[[], None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.engine = Engine(self)
        environ = {"HOME": str(self.folder), "PATH": "/usr/bin", "XDG_STATE_HOME": str(self.folder)}
        self.commands = FakeCommands(environ)
        self.owner = Owner("docker-desktop", "", "a test")
        self.place: Callable[[], Place] = lambda: Place(self.owner, "unix:///vm.sock", self.commands)

    # -- what it tells

    def now(self) -> int:
        return int(self.wall * SECOND)

    def date(self) -> str:
        """What `date +%s.%N` prints in the machine."""
        whole, rest = divmod(self.now() + self.engine.skew, SECOND)
        return f"{whole}.{rest:09d}\n"

    # -- what happens

    def at(self, seconds: float, happens: Callable[[], None]) -> World:
        self.script[seconds] = happens
        return self

    def host_sleeps(self, seconds: float) -> None:
        """And the VM with it: its clock stands still."""
        self.wall += seconds
        self.slept += seconds
        self.engine.skew -= int(seconds * SECOND)

    def skew(self, seconds: float) -> Callable[[], None]:
        def change() -> None:
            self.engine.skew = int(seconds * SECOND)

        return change

    def down(self, error: EngineError | None) -> Callable[[], None]:
        def change() -> None:
            self.engine.down = error

        return change

    def pass_by(self, seconds: float) -> None:
        self.wall += seconds
        self.monotonic += seconds
        for moment in sorted(self.script):
            if moment <= self.monotonic:
                self.script.pop(moment)()

    def step(self, _image: str, argv: list[str]) -> ExecResult:
        """The helper container sets the clock, unless it may not."""
        if self.refuses:
            return ExecResult(77, "")
        words = dict(word.split("=", 1) for word in argv[2].splitlines()[0].split() if "=" in word)
        self.engine.skew += int(words["SEC"]) * SECOND + int(words["NSEC"])
        return ExecResult(0, "method: python\n")

    # -- the watch

    def run(self, seconds: float) -> World:
        """Watch for so long."""
        self.at(seconds, self._over)
        with pytest.raises(Over):
            self.watch().run()
        return self

    def found(self) -> Watched:
        """The machine as its tool tells it now. `host` is "" where it has no address."""
        machine = Machine("docker-desktop", state="paused")
        endpoint = Endpoint(self.host, "a test") if self.host else nowhere(machine)
        located = Located(endpoint, self.owner)
        engine = self.engine if self.host else open_engine(endpoint, {})
        keeper = Keeper(
            engine,
            located,
            self.commands,
            500 * MILLISECOND,
            self.mode,
            rest=lambda: Rest("boot", self.slept),
            now=lambda: self.wall,
            sleep=self.pass_by,
        )
        return Watched(keeper, lambda: self.place())

    def find(self) -> Watched:
        self.looks.append(self.monotonic)
        return self.found()

    def watch(self) -> Watch:
        return Watch(
            self.found(),
            self.find,
            self._note,
            run=lambda work: work(),
            on_set=lambda _keeper, done: self.done.append((self.monotonic, done)),
            monotonic=lambda: self.monotonic,
            slept=lambda: self.slept,
        )

    def _over(self) -> None:
        raise Over

    def _note(self, event: Event) -> None:
        if isinstance(event, Notice):
            self.said.append((self.monotonic, event.text, event.warning))

    @property
    def warnings(self) -> list[str]:
        return [text for _, text, warning in self.said if warning]
