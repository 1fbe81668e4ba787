"""Samples for tests: only what a test is about has to be said."""

from __future__ import annotations

from tests.bench.host import Host
from tests.bench.rows import Row
from tests.bench.sample import Sample
from tests.bench.summary import Result, summarise

HOST = Host("2026-11-24", "A CPU", 2, 8, "Debian", "6.1", "3.11.7", "28.5.2", "2.40.3", "0.1.0")


def samples(*seconds: float, peak: int = 1) -> list[Sample]:
    return [Sample(value, value / 2, peak) for value in seconds]


def row(key: str = "status", goals: tuple[float, ...] = (1.0,), **rest: object) -> Row:
    return Row(key, f"`{key}`", "`peer`", f"p/{key}/dfdev", f"p/{key}/compose", goals, **rest)  # type: ignore[arg-type]


def result(ours: float, peer: float, *goals: float, key: str = "status") -> Result:
    """One sample of seconds on each side."""
    found = summarise([row(key, goals)], {f"p/{key}/dfdev": samples(ours), f"p/{key}/compose": samples(peer)})
    return found[0]
