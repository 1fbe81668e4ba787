"""`python -m tests.soak --cycles 24`: a VM that sleeps for random times, and a `dfdev clock watch` beside it.

Ends with 1 when a wake was missed: when no correction came within a minute, or left more than it says itself.
"""

from __future__ import annotations

import argparse
import json
import random
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench import readme
from tests.bench.clock import terminal
from tests.bench.host import describe
from tests.bench.lab import DFDEV
from tests.bench.sample import BenchError
from tests.machine import MachineError
from tests.vm import images, runs
from tests.vm.machine import Vm

MARKERS = ("<!-- soak:begin -->", "<!-- soak:end -->")
_SHORTEST, _LONGEST = 5.0, 40.0
_PATIENCE = 60.0
_NOISE = 0.05
"""Seconds that the judge may be off, and the clock be wrong, beside what dfdev says itself."""


@dataclass(frozen=True)
class Cycle:
    """Seconds. `took`: from the wake to the correction, None when none came; `left`: VM minus host after it, by ssh;
    `bound`: what dfdev says that it may be off; `memory`: of the watch, in bytes.
    """

    slept: float
    took: float | None
    left: float
    bound: float
    memory: int

    @property
    def missed(self) -> bool:
        return self.took is None or abs(self.left) > self.bound + _NOISE


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--cycles", type=int, default=24, help="sleeps: %(default)s")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32), help="of their lengths")
    parser.add_argument("--readme", type=Path, metavar="FILE", help="write the table")
    options = parser.parse_args()
    print(f"--seed {options.seed}", file=sys.stderr)
    try:
        cycles = _soaked(random.Random(options.seed), options.cycles)
        table = f"{_table(cycles)}\n\n{_note(len(cycles))}"
        if options.readme:
            options.readme.write_text(readme.replaced(options.readme.read_text(), table, options.readme.name, MARKERS))
    except (BenchError, MachineError, subprocess.SubprocessError) as error:
        print(error, file=sys.stderr)
        return 1
    print(table)
    return 1 if any(cycle.missed for cycle in cycles) else 0


def _soaked(dice: random.Random, count: int) -> list[Cycle]:
    with runs.new(images.base()) as vm, tempfile.TemporaryDirectory(prefix="dfsoak-") as root:
        vm.boot()
        vm.reset()  # the clock too: what is told at the start is that it is right
        with _watching(terminal(vm, Path(root))) as watch:
            return [_cycle(vm, watch, dice.uniform(_SHORTEST, _LONGEST)) for _ in range(count)]


@contextmanager
def _watching(environ: Mapping[str, str]) -> Iterator[subprocess.Popen[str]]:
    """The watch, once it has looked for the first time."""
    argv = [str(DFDEV), "clock", "watch", "--json"]
    pipe = subprocess.PIPE
    with subprocess.Popen(argv, stdout=pipe, stderr=pipe, text=True, cwd=environ["HOME"], env=environ) as watch:
        assert watch.stderr is not None
        try:
            while "the machine's clock is right" not in (line := watch.stderr.readline()):
                if not line:
                    raise BenchError("the watch ended before its first look")
            yield watch
        finally:
            watch.send_signal(signal.SIGINT)


def _cycle(vm: Vm, watch: subprocess.Popen[str], seconds: float) -> Cycle:
    vm.nap(seconds)
    woke = time.monotonic()
    assert watch.stdout is not None
    came = bool(select.select([watch.stdout], [], [], _PATIENCE)[0])
    told = json.loads(watch.stdout.readline()) if came else {"bound_ms": 0.0}
    took = time.monotonic() - woke if came else None
    done = Cycle(seconds, took, vm.clock_offset().seconds, told["bound_ms"] / 1000, _memory(watch.pid))
    print(_row(done), file=sys.stderr, flush=True)
    return done


def _memory(pid: int) -> int:
    """Source: proc(5), VmRSS in kB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS:"))


def _table(cycles: Sequence[Cycle]) -> str:
    head = "| sleep | right again after | left, by ssh | dfdev says | memory of the watch |\n|--:|--:|--:|--:|--:|"
    return "\n".join([head, *(_row(cycle) for cycle in cycles)])


def _row(cycle: Cycle) -> str:
    took = "missed" if cycle.took is None else f"{cycle.took:.1f} s"
    left = f"{cycle.left * 1000:+.0f} ms{' (missed)' if cycle.missed else ''}"
    says = f"± {cycle.bound * 1000:.0f} ms"
    return f"| {cycle.slept:.1f} s | {took} | {left} | {says} | {cycle.memory / 1e6:.1f} MB |"


def _note(count: int) -> str:
    host = describe(engine="20.10", compose="", dfdev="")
    return (
        f"{count} sleeps of random length, one after the other, of a Debian 12 VM in software emulation, under one"
        f" `dfdev clock watch`. Measured on {host.date} by `python -m tests.soak` on {host.cpu} ({host.cores} cores),"
        " judged by ssh alone."
    )


if __name__ == "__main__":
    sys.exit(main())
