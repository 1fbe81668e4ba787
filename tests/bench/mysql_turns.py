"""What is measured of one size, in which order, and whether it had its effect."""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.bench.mysql_lab import DATABASE, EMPTY, MysqlLab
from tests.bench.sample import BenchError
from tests.mysql import big

LARGEST = max(big.tables(), key=lambda table: table.share).name
_SMALLEST = min(big.tables(), key=lambda table: table.share).name
_NOW = "SELECT UNIX_TIMESTAMP(SYSDATE(6))"
_KEPT = "bench"


@dataclass(frozen=True)
class Counts:
    """Turns. `writes`, `reads`: resets with a write, or a query, as the first that the largest table sees."""

    imports: int
    writes: int
    reads: int
    snapshots: int


def counts(gigabytes: float, quick: bool) -> Counts:
    """An import takes a minute for a gigabyte: two of each then, and none where it would be five minutes."""
    imports = 0 if gigabytes > 2 else 2 if gigabytes > 0.5 else 3
    if quick:
        return Counts(min(imports, 1), 2, 1, 1)
    return Counts(imports, 5, 3, 3) if imports else Counts(0, 5, 2, 1)


@dataclass(frozen=True)
class Turns:
    """`series`: seconds or MB by the name of a row of the table; what is derived from them is not in it."""

    lab: MysqlLab
    counts: Counts
    say: Callable[[str], None]
    series: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def measure(self, gigabytes: float) -> str:
        """Everything, on an engine that has nothing of it before and after. The server's version."""
        with self.lab.clean_engine():
            try:
                version = self._built_and_imported(gigabytes)
            finally:
                self.lab.dump.unlink(missing_ok=True)
            self._warm_up(2 + 2 * gigabytes)
            self._resets()
            self._snapshots()
        return version

    def _built_and_imported(self, gigabytes: float) -> str:
        self.say("writing the dump")
        big.write(gigabytes * 1000, self.lab.dump)
        self.say("dfdev mysql build")
        seconds, built = self.lab.dfdev("build")
        self._keep("build", seconds)
        if self.counts.imports:
            self.say("the usual way, MySQL's own defaults")
            self._keep("reimport-stock", self.lab.reimport_stock())
        self.lab.up()
        for turn in range(self.counts.imports):
            ways = (("reimport", self.lab.reimport), ("import", self._imported))
            for name, way in reversed(ways) if turn % 2 else ways:
                self.say(f"{name}, turn {turn + 1} of {self.counts.imports}")
                self._keep(name, self._into_emptied(way, built["rows"]))
        return str(built["version"])

    def _imported(self) -> float:
        return self.lab.dfdev("import", str(self.lab.dump))[0]

    def _into_emptied(self, way: Callable[[], float], rows: Mapping[str, int]) -> float:
        """`sync`: what an earlier turn left to be written is not this one's."""
        self.lab.ask(EMPTY)
        os.sync()
        seconds = way()
        for title, count in rows.items():
            self._must_be(f"SELECT COUNT(*) FROM {title}", str(count))
        return seconds

    def _warm_up(self, patience: float) -> None:
        """A reset that does not count, and then nobody asks anything: what the server copies by itself."""
        self.say("reset, warm-up")
        self.lab.dfdev("reset", "--yes")
        self._settled(patience)
        self._first_write()

    def _settled(self, patience: float) -> None:
        """`patience`: seconds without any change. The size of a file counts only once it is copied whole."""
        began = changed = time.monotonic()
        size = self.lab.written()
        while time.monotonic() < changed + patience:
            now = self.lab.written()
            if now != size:
                size, changed = now, time.monotonic()
            time.sleep(0.05)
        self._keep("background", changed - began)
        self._keep("disk-before", size)

    def _resets(self) -> None:
        total = self.counts.writes + self.counts.reads
        for turn in range(total):
            self.say(f"reset, turn {turn + 1} of {total}")
            self._reset()
            if turn < self.counts.writes:
                self._write_measured()
            else:
                self._keep("first-query", self._first_query())
                self._first_write()

    def _reset(self) -> None:
        """Until a query is answered. What it reports shows that there was something to throw away."""
        seconds, said = self._answered("reset", "--yes")
        self._keep("reset", seconds)
        if f"{DATABASE}.{LARGEST}" not in said["changed"]:
            raise BenchError(f"{LARGEST} was changed, and dfdev mysql reset says: {said['changed']}")
        self._keep("reclaimed", said["reclaimed"] / 1e6)

    def _answered(self, *args: str) -> tuple[float, Any]:
        began = time.perf_counter()
        _, said = self.lab.dfdev(*args)
        self._must_be(f"SELECT id FROM {_SMALLEST} WHERE id = 1", "1")
        return time.perf_counter() - began, said

    def _write_measured(self) -> None:
        first, second = self._first_write()
        self._keep("first-write", first)
        self._keep("second-write", second)
        self._keep("disk-after", self.lab.written())

    def _first_write(self) -> tuple[float, float]:
        """Of the first twenty rows, in two statements of one session, by the server's clock. BenchError: not there."""
        deletes = (f"DELETE FROM {LARGEST} WHERE id BETWEEN {n} AND {n + 9}; SELECT ROW_COUNT()" for n in (1, 11))
        said = [row[0] for row in self.lab.ask(f"{_NOW}; {f'; {_NOW}; '.join(deletes)}; {_NOW}")]
        if said[1::2] != ["10", "10"]:
            raise BenchError(f"the first rows of {LARGEST} are not as they were baked: {said[1::2]} of 10 deleted")
        began, between, ended = map(float, said[::2])
        return between - began, ended - between

    def _first_query(self) -> float:
        began, _, ended = (float(row[0]) for row in self.lab.ask(f"{_NOW}; SELECT id FROM {LARGEST} LIMIT 1; {_NOW}"))
        return ended - began

    def _snapshots(self) -> None:
        for turn in range(self.counts.snapshots):
            self.say(f"snapshot and restore, turn {turn + 1} of {self.counts.snapshots}")
            seconds, said = self.lab.dfdev("snapshot", _KEPT)
            self._keep("snapshot", seconds)
            self._keep("snapshot-size", said["size"] / 1e6)
            self._restored()
            self.lab.dfdev("reset", "--yes")
            self.lab.dfdev("snapshot", "rm", _KEPT)
            self._first_write()

    def _restored(self) -> None:
        """`sync`: the snapshot is still being written to the disk, and removing the container would wait for that."""
        self.lab.ask(f"DELETE FROM {LARGEST} WHERE id BETWEEN 21 AND 30")
        os.sync()
        self._keep("restore", self._answered("restore", _KEPT, "--yes")[0])
        self._must_be(f"SELECT COUNT(*) FROM {LARGEST} WHERE id <= 30", "10")

    def _must_be(self, sql: str, expected: str) -> None:
        found = self.lab.ask(sql)
        if found != [[expected]]:
            raise BenchError(f"{sql}: {found}, not {expected}")

    def _keep(self, name: str, value: float) -> None:
        self.series[name].append(value)
