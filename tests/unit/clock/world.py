"""A host and a machine whose clocks differ: time passes only when somebody waits for something."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from dfdev.core.clock import MILLISECOND, SECOND, Exchange
from dfdev.core.observed import EngineInfo
from dfdev.system.dialogue import Reply
from tests.fakes.shell import FakeShell

INFO = EngineInfo("28.5.2", "1.45", "Debian GNU/Linux 12", "vm")
_PHASE = 3 * MILLISECOND
"""Ticks do not come with the second."""


@dataclass
class World:
    """`offset`: of the machine. `there`, `back`: nanoseconds of the way, at least; `jitter` on top of each.

    `grain`: of `/info`, None where it has no stamp; `tick`: of the clock that the machine's `date` reads.
    """

    offset: int = 0
    there: int = MILLISECOND // 10
    back: int = MILLISECOND // 10
    jitter: int = 0
    grain: int | None = 1
    tick: int = 0
    percent_n: str = "%N"
    seed: int = 0
    now: int = 1_700_000_000 * SECOND + 123_456_789
    slept: list[float] = field(default_factory=list)
    asked: int = 0

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    def sleep(self, seconds: float) -> None:
        """A little longer than asked for, as everywhere."""
        self.slept.append(seconds)
        self.now += int(seconds * SECOND) + self._random.randint(0, MILLISECOND // 5)

    def time(self) -> int:
        return self.now

    # -- an engine

    def info(self) -> EngineInfo:
        exchange = self._exchange(self.grain or 1)
        return EngineInfo(INFO.version, INFO.api, INFO.os, INFO.name, clock=exchange if self.grain else None)

    def date(self, seconds: float | None = None) -> Exchange | None:
        return self._exchange(SECOND)

    # -- a shell

    def shell(self) -> FakeShell:
        return Shell(self)

    def says(self) -> str:
        stamp = self.machine - ((self.machine - _PHASE) % self.tick if self.tick else 0)
        rest = f"{stamp % SECOND:09d}" if self.percent_n == "exact" else self.percent_n
        return f"{stamp // SECOND}.{rest}\n"

    @property
    def machine(self) -> int:
        return self.now + self.offset

    def pass_by(self, least: int) -> None:
        self.now += least + (self._random.randint(0, self.jitter) if self.jitter else 0)

    def _exchange(self, grain: int) -> Exchange:
        self.asked += 1
        asked = self.now
        self.pass_by(self.there)
        stamp = self.machine
        self.pass_by(self.back)
        return Exchange(asked, self.now, self.now - asked, stamp - stamp % grain, grain)


class Shell(FakeShell):
    """Its answers take the world's time."""

    def __init__(self, world: World) -> None:
        super().__init__(now=world.time)
        self._world = world

    def ask(self, script: str, *, timeout: float) -> Reply:
        self.asked.append(script)
        world, asked = self._world, self._world.now
        world.pass_by(world.there)
        out = world.says()
        world.pass_by(world.back)
        return Reply(0, out, asked, world.now, world.now - asked)
