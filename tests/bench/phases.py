"""What is measured in which order: the sides take turns, and each one's first turn is a warm-up that does not count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.lab import DFDEV, Lab
from tests.bench.sample import BenchError, Sample, run
from tests.bench.sides import Side, must_be_proven

Say = Callable[[str], None]


@dataclass(frozen=True)
class Counts:
    """How often: whole cycles of up and down, and commands that take a fraction of a second."""

    cycles: int
    commands: int


FULL = Counts(cycles=5, commands=15)
QUICK = Counts(cycles=1, commands=5)


@dataclass(frozen=True)
class Bench:
    """Measures the phases that are asked for; `series`: "phase/action/side" -> samples."""

    lab: Lab
    counts: Counts
    say: Say
    series: dict[str, list[Sample]] = field(default_factory=lambda: defaultdict(list))

    def measure(self, phases: Collection[str]) -> None:
        stacks = {"three": self.lab.three(), "forty": self.lab.forty()}
        if "start" in phases:
            self.say("start-up")
            self._start(stacks["three"]["dfdev"].folder)
        for stack, sides in stacks.items():
            asked = {phase for phase in phases if phase.startswith(stack)}
            if asked:
                self._stack(stack, sides, asked)

    def _stack(self, stack: str, sides: Mapping[str, Side], asked: Collection[str]) -> None:
        try:
            for side in sides.values():
                side.sweep()
            if f"{stack}-cold" in asked:
                self._cold(f"{stack}-cold", sides)
            if f"{stack}-warm" in asked:
                self._warm(f"{stack}-warm", {name: s for name, s in sides.items() if name in _warm_sides(sides)})
        finally:
            for side in sides.values():
                side.sweep()

    def _start(self, home: Path) -> None:
        shell = {"_DFDEV_COMPLETE": "complete_bash", "COMP_WORDS": "dfdev logs w", "COMP_CWORD": "2"}
        cases: tuple[tuple[str, str, list[str], dict[str, str], str], ...] = (
            ("version", "dfdev", [str(DFDEV), "--version"], {}, "dfdev "),
            ("version", "compose", [*self.lab.docker, "compose", "version"], {}, "Docker Compose"),
            ("completion", "dfdev", [str(DFDEV)], shell, "www"),
        )
        for turn in range(self.counts.commands + 1):
            for action, side, argv, env, expected in cases:
                done = run(argv, {**self.lab.env, **env}, home)
                if expected not in done.out:
                    raise BenchError(f"{' '.join(argv)} says {done.out!r}, not {expected!r}")
                self._keep(turn, f"start/{action}/{side}", done.sample)

    def _cold(self, phase: str, sides: Mapping[str, Side]) -> None:
        for turn in range(self.counts.cycles + 1):
            for name, side in sides.items():
                self.say(f"{phase}, {name}, {f'turn {turn} of {self.counts.cycles}' if turn else 'warm-up'}")
                up = side.measure("up").sample
                if name == "dfdev":
                    must_be_proven(side)
                down = side.measure("down").sample
                self._keep(turn, f"{phase}/up/{name}", up)
                self._keep(turn, f"{phase}/down/{name}", down)

    def _warm(self, phase: str, sides: Mapping[str, Side]) -> None:
        """Both stacks run the whole time, so that both commands see the same engine."""
        self.say(f"{phase}, bringing everything up")
        for side in sides.values():
            side.measure("up")
        for turn in range(self.counts.commands + 1):
            self.say(f"{phase}, {f'turn {turn} of {self.counts.commands}' if turn else 'warm-up'}")
            for name, side in sides.items():
                self._keep(turn, f"{phase}/status/{name}", side.measure("status").sample)
            for name, side in sides.items():
                self._keep(turn, f"{phase}/up/{name}", side.measure("up").sample)
        must_be_proven(sides["dfdev"])

    def _keep(self, turn: int, series: str, sample: Sample) -> None:
        if turn:
            self.series[series].append(sample)


def _warm_sides(sides: Mapping[str, Side]) -> Collection[str]:
    """dfdev and one compose: what runs is the same with init and without."""
    return ("dfdev", "compose" if "compose" in sides else "compose-init")
