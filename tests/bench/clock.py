"""`python -m tests.bench.clock`: what each way of setting a VM's clock leaves, after a real sleep of the VM.

The VM is the tests' own (QEMU, software emulation), its lid is QMP `stop` and `cont`. The judge is ssh alone: a
session that asks the VM's `date` again and again. Not measured here: a Mac.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests import standins
from tests.bench import readme
from tests.bench.host import describe
from tests.bench.lab import DFDEV, Lab
from tests.bench.sample import BenchError
from tests.machine import MachineError, start
from tests.vm import images, runs
from tests.vm.machine import Vm

MARKERS = ("<!-- clock:begin -->", "<!-- clock:end -->")
_ASLEEP = 20.0
_GOAL_MS = 15.0


@dataclass(frozen=True)
class Try:
    """One sleep and one way of mending it. Seconds; `residual`: VM minus host afterwards, `bound`: of the judge.

    `said`: what the tool itself says that is left, with its own bound, in ms; None for a tool that says nothing.
    """

    residual: float
    bound: float
    took: float
    said: tuple[float, float] | None = None


@dataclass(frozen=True)
class Way:
    """`run` mends the clock and gives what it says of the residual."""

    title: str
    run: Callable[[Mapping[str, str]], tuple[float, float] | None]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.clock", description=__doc__)
    parser.add_argument("--tries", type=int, default=3, help="sleeps for each way: %(default)s")
    parser.add_argument("--readme", type=Path, metavar="FILE", help="write the table")
    options = parser.parse_args()
    try:
        rows = _ways_measured(options.tries)
        table = f"{_table(rows)}\n\n{_note(options.tries)}\n\n{_warm()}"
        if options.readme:
            options.readme.write_text(readme.replaced(options.readme.read_text(), table, options.readme.name, MARKERS))
    except (BenchError, MachineError, subprocess.SubprocessError) as error:
        print(error, file=sys.stderr)
        return 1
    print(table)
    return 0


def _ways_measured(tries: int) -> list[tuple[str, list[Try]]]:
    with runs.new(images.base()) as vm, tempfile.TemporaryDirectory(prefix="dfclock-") as root:
        vm.boot()
        environ = terminal(vm, Path(root))
        return [(way.title, [_measured(vm, way, environ) for _ in range(tries)]) for way in _WAYS]


def terminal(vm: Vm, root: Path) -> dict[str, str]:
    """A terminal of 2014, with a boot2docker that leads to the VM."""
    standins.boot2docker(root / "bin", vm)
    path = f"{root / 'bin'}:{os.environ.get('PATH', os.defpath)}"
    return {"PATH": path, "HOME": str(root), "LANG": "C.UTF-8", "NO_COLOR": "1", **vm.environ}


def _measured(vm: Vm, way: Way, environ: Mapping[str, str]) -> Try:
    vm.reset()
    print(f"{way.title}: asleep for {_ASLEEP:.0f} s", file=sys.stderr, flush=True)
    vm.nap(_ASLEEP)
    if vm.clock_offset().seconds > 1 - _ASLEEP:
        raise BenchError("the VM slept, and its clock is not behind")
    began = time.monotonic()
    said = way.run(environ)
    took = time.monotonic() - began
    left = vm.clock_offset()
    return Try(left.seconds, left.bound, took, said)


def _as_in_2014(environ: Mapping[str, str]) -> None:
    """`boot2docker ssh sudo date --set "$(date -u '+%F %H:%M:%S')"`, as it was passed on in issue threads."""
    now = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime())
    subprocess.run(["boot2docker", "ssh", f"sudo date -u --set '{now}'"], env=environ, check=True, capture_output=True)


def _by_hwclock(environ: Mapping[str, str]) -> None:
    """It trusts the machine's own RTC, which slept too here; its exit code counts for nothing."""
    subprocess.run(["boot2docker", "ssh", "sudo hwclock -s"], env=environ, check=False, capture_output=True)


def _by_dfdev(method: str) -> Callable[[Mapping[str, str]], tuple[float, float]]:
    def run(environ: Mapping[str, str]) -> tuple[float, float]:
        argv = [str(DFDEV), "clock", "sync", "--method", method, "--json"]
        done = subprocess.run(argv, env=environ, cwd=environ["HOME"], capture_output=True, text=True, check=False)
        if done.returncode:
            raise BenchError(f"{' '.join(argv)}: {done.stderr}")
        found = json.loads(done.stdout)
        return found["after_ms"], found["bound_ms"]

    return run


_WAYS = (
    Way("`boot2docker ssh sudo date --set …` (2014)", _as_in_2014),
    Way("`boot2docker ssh sudo hwclock -s`", _by_hwclock),
    Way("`dfdev clock sync`, through the root shell", _by_dfdev("shell")),
    Way("`dfdev clock sync --method helper`, a container with busybox", _by_dfdev("helper")),
)


def _table(rows: Sequence[tuple[str, Sequence[Try]]]) -> str:
    """Worst of the tries, because a clock is as good as it is on a bad day."""
    head = "| after 20 s asleep | left (worst) | dfdev says | seconds (median) |\n|---|--:|--:|--:|"
    return "\n".join([head, *(_row(title, tries) for title, tries in rows)])


def _row(title: str, tries: Sequence[Try]) -> str:
    worst = max(tries, key=lambda t: abs(t.residual))
    said = f"{worst.said[0]:+.0f} ± {worst.said[1]:.0f} ms" if worst.said else "–"
    left = f"{worst.residual * 1000:+.0f} ± {worst.bound * 1000:.0f} ms"
    return f"| {title} | {left} | {said} | {median(t.took for t in tries):.1f} |"


def _note(tries: int) -> str:
    host = describe(engine="20.10", compose="", dfdev="")
    return (
        f"{tries} sleeps each of a Debian 12 VM in QEMU's software emulation (one login takes it most of a second); "
        f"the second look, one second later, is in dfdev's time. Measured on {host.date} by "
        f"`python -m tests.bench.clock` on {host.cpu} ({host.cores} cores), judged by ssh alone."
    )


def _warm() -> str:
    """The cost of the check on an `up` with nothing to do, on a local engine: dfdev's own lap of it."""
    with _three() as (lab, folder):
        _lap(lab, folder)
        laps = [_lap(lab, folder) for _ in range(15)]
        down = [str(DFDEV), "down", "--data", "--yes"]
        subprocess.run(down, cwd=folder, env=lab.env, check=True, capture_output=True)
    cost = median(laps) * 1000
    met = "met" if cost <= _GOAL_MS else "missed"
    return (
        f"The check on a warm `up` of three services on a local engine: {_told(cost)}, the median of {len(laps)} runs "
        f"(goal ≤ {_GOAL_MS:.0f} ms, {met}); the look at the engine that `up` takes anyway carries its clock."
    )


def _told(milliseconds: float) -> str:
    """The lap is told in whole milliseconds."""
    return f"{milliseconds:.0f} ms" if milliseconds >= 1 else "less than 1 ms"


@contextmanager
def _three() -> Iterator[tuple[Lab, Path]]:
    engine = start("28", name="bench")
    try:
        with tempfile.TemporaryDirectory(prefix="dfbench-") as root:
            lab = Lab.at(Path(root).resolve(), engine)
            lab.prepare_images()
            yield lab, lab.three()["dfdev"].folder
    finally:
        engine.stop()


def _lap(lab: Lab, folder: Path) -> float:
    done = subprocess.run(
        [str(DFDEV), "up", "--json"], cwd=folder, env=lab.env, check=True, capture_output=True, text=True
    )
    return float(json.loads(done.stdout)["seconds"]["clock"])


if __name__ == "__main__":
    sys.exit(main())
