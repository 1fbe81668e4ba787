"""From samples to what a row says: medians, ratio, verdict. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from tests.bench.rows import Row, Unit
from tests.bench.sample import Sample

Series = Mapping[str, Sequence[Sample]]


@dataclass(frozen=True)
class Spread:
    """Of the samples of one series, in the row's unit (s, or MB of 10⁶ bytes)."""

    median: float
    least: float
    most: float
    count: int


@dataclass(frozen=True)
class Result:
    """`ratio`: median of dfdev by median of the peer, `None` without a peer."""

    row: Row
    ours: Spread
    peer: Spread | None
    ratio: float | None

    @property
    def reached(self) -> float:
        """What the goals bound."""
        return self.ours.median if self.row.absolute or self.ratio is None else self.ratio

    @property
    def met(self) -> tuple[bool, ...]:
        """One answer per goal. The figure counts as it is, not as it is rounded for the table."""
        return tuple(self.reached <= goal for goal in self.row.goals)


def summarise(rows: Iterable[Row], series: Series) -> list[Result]:
    """The rows that were measured."""
    return [_result(row, series) for row in rows if series.get(row.ours) and (not row.peer or series.get(row.peer))]


def _result(row: Row, series: Series) -> Result:
    ours = _spread(series[row.ours], row.unit)
    if not row.peer:
        return Result(row, ours, None, None)
    peer = _spread(series[row.peer], row.unit)
    return Result(row, ours, peer, ours.median / peer.median)


def _spread(samples: Sequence[Sample], unit: Unit) -> Spread:
    values = [s.seconds if unit == "s" else s.peak * 1024 / 1e6 for s in samples]
    return Spread(median(values), min(values), max(values), len(values))
