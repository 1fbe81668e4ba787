"""`python -m tests.bench.frontend`: what it costs that the front end's tools are in a container.

The scaffold of `dfdev frontend init` on an engine of this host, whole processes; `docker exec` of the same command in
the same container is the peer. Not measured here: a Mac, where saves cross a shared folder.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from dfdev.resources import templates_dir
from tests.bench import readme
from tests.bench.host import describe
from tests.bench.lab import DFDEV, Lab
from tests.bench.sample import BenchError, run
from tests.machine import MachineError, start

MARKERS = ("<!-- frontend:begin -->", "<!-- frontend:end -->")
_NAME = "dfbench-frontend"
_RUNS, _SAVES = 15, 7
_HEAD = "| | dfdev | `docker exec` | goal | met |\n|---|--:|--:|---|---|"
_CONFIG = '[workspace]\nname = "{name}"\n\n[frontend]\ndir = "frontend"\n{more}'


@dataclass(frozen=True)
class Row:
    """`ours`, `theirs`: seconds, all of the runs; no peer: (). `goal`: seconds; `ratio`: of the medians."""

    title: str
    ours: Sequence[float]
    theirs: Sequence[float]
    goal: float
    ratio: float = 0.0

    def __str__(self) -> str:
        over = median(self.ours) - (median(self.theirs) if self.theirs else 0.0)
        met = over <= self.goal and (not self.theirs or median(self.ours) <= self.ratio * median(self.theirs))
        goal = f"≤ {self.goal:g} s" if not self.theirs else f"≤ {self.ratio:g} times, ≤ {self.goal * 1000:.0f} ms more"
        cells = [self.title, _told(self.ours), _told(self.theirs), goal, "yes" if met else "no"]
        return f"| {' | '.join(cells)} |"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.frontend", description=__doc__)
    parser.add_argument("--readme", type=Path, metavar="FILE", help="write the table")
    options = parser.parse_args()
    try:
        with _bench() as bench:
            table = "\n".join([_HEAD, *map(str, bench.rows())]) + f"\n\n{bench.note()}"
        if options.readme:
            options.readme.write_text(readme.replaced(options.readme.read_text(), table, options.readme.name, MARKERS))
    except (BenchError, MachineError) as error:
        print(error, file=sys.stderr)
        return 1
    print(table)
    return 0


@contextmanager
def _bench() -> Iterator[Bench]:
    engine = start("28", name="bench")
    try:
        with tempfile.TemporaryDirectory(prefix="dfbench-") as root:
            lab = Lab.at(Path(root).resolve(), engine)
            bench = Bench(lab, Path(root).resolve() / "home-of-code")
            bench.sweep()
            try:
                yield bench
            finally:
                bench.sweep()
    finally:
        engine.stop()


class Bench:
    def __init__(self, lab: Lab, home: Path) -> None:
        self._lab = lab
        self._env = lab.building()
        self._home = home
        self._folder = home / "frontend"
        lab.bootstrap("node")
        shutil.copytree(templates_dir() / "frontend" / "current", self._folder)
        self._configure()

    def rows(self) -> Iterator[Row]:
        self._dfdev("grunt", "build")
        ours, theirs = self._grunt()
        yield Row("`grunt --version`, the container is warm", ours, theirs, 0.15, 1.5)
        yield Row("`npm run`, until npm begins", [self._npm_begins() for _ in range(_RUNS)], (), 0.5)
        yield Row("the image, all of it in the cache, and its container", [self._image() for _ in range(5)], (), 2.0)
        for events, goal in (("native", 1.0), ("poll", 2.5)):
            title = {"native": "save → rebuilt, by native events", "poll": "save → rebuilt, by polling"}[events]
            yield Row(title, list(self._saves(events)), (), goal)

    def note(self) -> str:
        host = describe(
            engine=self._lab.version_of(self._lab.engine.docker, "version", "-f", "{{.Server.Version}}"),
            compose="",
            dfdev="",
        )
        return (
            f"Medians with the least and the most of {_RUNS} runs ({_SAVES} saves, 5 images), the two taking turns; "
            f"measured on {host.date} by `python -m tests.bench.frontend` on {host.cpu} ({host.cores} cores, "
            f"{host.memory} GB), {host.system}, Docker Engine {host.engine}, Python {host.python}."
        )

    def sweep(self) -> None:
        docker = [self._lab.engine.docker]
        found = run([*docker, "ps", "-aq", "--filter", f"name={_NAME}"], self._env, self._lab.root).out.split()
        if found:
            run([*docker, "rm", "-fv", *found], self._env, self._lab.root)
        volumes = run([*docker, "volume", "ls", "-q", "--filter", f"name={_NAME}"], self._env, self._lab.root).out
        if volumes.split():
            run([*docker, "volume", "rm", *volumes.split()], self._env, self._lab.root)

    def _configure(self, more: str = "") -> None:
        (self._home / "dfdev.toml").write_text(_CONFIG.format(name=_NAME, more=more))

    def _dfdev(self, *args: str) -> float:
        return run([str(DFDEV), *args], self._env, self._folder).sample.seconds

    def _grunt(self) -> tuple[list[float], list[float]]:
        argv = [
            self._lab.engine.docker,
            "exec",
            "-w",
            "/work/frontend",
            f"{_NAME}-frontend-tools",
            "grunt",
            "--version",
        ]
        ours, theirs = [], []
        for _ in range(_RUNS + 1):
            ours.append(self._dfdev("grunt", "--version"))
            theirs.append(run(argv, self._env, self._folder).sample.seconds)
        return ours[1:], theirs[1:]

    def _npm_begins(self) -> float:
        """From the call to the first line of npm's own process, which tells the time."""
        (self._folder / "clock.js").write_text("console.error(Date.now());\n")
        env = {**self._env, "NODE_OPTIONS": "--require /work/frontend/clock.js"}
        began = time.time()
        done = run([str(DFDEV), "npm", "run"], env, self._folder)
        return int(done.err.split()[0]) / 1000 - began

    def _image(self) -> float:
        """The cache of the builder is all that there is."""
        ref = run(
            [self._lab.engine.docker, "inspect", "-f", "{{.Config.Image}}", f"{_NAME}-frontend-tools"],
            self._env,
            self._folder,
        ).out.strip()
        run([self._lab.engine.docker, "rm", "-f", f"{_NAME}-frontend-tools"], self._env, self._folder)
        run([self._lab.engine.docker, "rmi", ref], self._env, self._folder)
        return self._dfdev("npm", "--version")

    def _saves(self, events: str) -> Iterator[float]:
        self._configure(f'events = "{events}"\nwatch = true\n')
        shutil.rmtree(self._folder / "dist", ignore_errors=True)
        self._dfdev("up")
        source, built = self._folder / "src/js/main.js", self._folder / "dist/app.min.js"
        _until(lambda: built.exists(), "the first build does not end")
        _until(lambda: _noticed(source, built), "the watcher does not begin")
        for number in range(_SAVES):
            yield _save(source, built, f"\nwindow.{events}{number} = {number};\n")
        self._dfdev("down")


def _noticed(source: Path, built: Path) -> bool:
    """A watcher says that it waits before it does: what is saved meanwhile it never sees."""
    before = built.stat().st_mtime_ns
    source.touch()
    end = time.monotonic() + 3.0
    while built.stat().st_mtime_ns == before and time.monotonic() < end:
        time.sleep(0.01)
    return built.stat().st_mtime_ns != before


def _save(source: Path, built: Path, more: str) -> float:
    _until(lambda: time.time_ns() - built.stat().st_mtime_ns > 1_000_000_000, "it builds and builds")
    source.write_text(source.read_text() + more)
    saved = source.stat().st_mtime_ns
    _until(lambda: more.split()[0] in built.read_text(), "no rebuild")
    return (built.stat().st_mtime_ns - saved) / 1e9


def _until(there: Callable[[], bool], otherwise: str, patience: float = 60.0) -> None:
    end = time.monotonic() + patience
    while not there():
        if time.monotonic() > end:
            raise BenchError(otherwise)
        time.sleep(0.01)


def _told(seconds: Sequence[float]) -> str:
    if not seconds:
        return "–"
    return f"{median(seconds):.3f} s ({min(seconds):.3f}–{max(seconds):.3f})"


if __name__ == "__main__":
    sys.exit(main())
