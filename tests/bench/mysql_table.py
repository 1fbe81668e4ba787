"""The figures of each size as a Markdown table, with the goals and whether they are met. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

from tests.bench.host import Host

Series = Mapping[str, Sequence[float]]
Sizes = Mapping[float, Series]
"""Gigabytes of the dump -> what was measured."""


@dataclass(frozen=True)
class Row:
    """`goals`: (gigabytes, bound of the median). `unit` "part": shown as 1/15; "x": of the peer's speed."""

    key: str
    title: str
    unit: Literal["s", "MB", "part", "x"] = "s"
    goals: tuple[tuple[float, float], ...] = ()
    at_least: bool = False

    def met(self, value: float, goal: float) -> bool:
        """The figure counts as it is, not as it is rounded for the table."""
        return value >= goal if self.at_least else value <= goal


ROWS = (
    Row("reimport", "the usual way: `docker exec -i … mysql … < dump.sql`"),
    Row("reimport-stock", "the same into a server with MySQL's own defaults, once"),
    Row("import", "`dfdev mysql import dump.sql`"),
    Row("import-speed", "the speed of it, the usual way's being 1", "x", ((1, 0.95),), at_least=True),
    Row("build", "`dfdev mysql build`, once"),
    Row("reset", "`dfdev mysql reset --yes`, until a query is answered", goals=((1, 2.5), (5, 5.0))),
    Row("reset-part", "the part that it is of the usual way with MySQL's own defaults", "part", ((1, 1 / 15),)),
    Row("first-query", "after it: the first query of the largest table"),
    Row("first-write", "after it: the first write to the largest table", goals=((1, 0.5),)),
    Row("second-write", "after it: the second write"),
    Row("copy-up", "the copy-up in it: first write less second write"),
    Row("background", "after it, nothing being asked: the server goes on copying for"),
    Row("disk-before", "and its container then holds beyond the image", "MB"),
    Row("disk-after", "the container after the first write, beyond the image", "MB"),
    Row("reclaimed", "reclaimed, as the next reset says", "MB"),
    Row("snapshot", "`dfdev mysql snapshot` of the changed state", goals=((1, 5.0),)),
    Row("snapshot-size", "the size of it", "MB"),
    Row("restore", "`dfdev mysql restore --yes`, until a query is answered", goals=((1, 4.0),)),
)


def markdown(sizes: Sizes, host: Host, server: str) -> str:
    """Medians with their extremes; under the table, what it was measured on. `server`: "MySQL 9.7.4"."""
    found = {size: with_derived(series) for size, series in sorted(sizes.items())}
    head = ("a dump of", *map(_size, found), "goal", "met")
    lines = [_line(head), f"|---|{'--:|' * (len(found) + 1)}:-:|", *(_line(_cells(row, found)) for row in ROWS)]
    return "\n".join([*lines, "", _note(host, server), *_unmeasured(found)])


def with_derived(series: Series) -> Series:
    """What two series give together, where both were measured."""
    found = {name: values for name, values in series.items() if values}
    derived: dict[str, Sequence[float]] = {}
    if {"import", "reimport"} <= found.keys():
        derived["import-speed"] = [median(found["reimport"]) / median(found["import"])]
    if {"reset", "reimport-stock"} <= found.keys():
        derived["reset-part"] = [median(found["reset"]) / median(found["reimport-stock"])]
    if {"first-write", "second-write"} <= found.keys():
        pairs = zip(found["first-write"], found["second-write"], strict=True)
        derived["copy-up"] = [first - second for first, second in pairs]
    return {**found, **derived}


def _cells(row: Row, sizes: Sizes) -> tuple[str, ...]:
    return (
        row.title,
        *(_value(row, series.get(row.key, ())) for series in sizes.values()),
        _goal(row),
        _met(row, sizes),
    )


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _value(row: Row, values: Sequence[float]) -> str:
    if not values:
        return "–"
    shown = _number(median(values), row.unit) + _unit(row)
    return shown if len(values) == 1 else f"{shown} ({_number(min(values), row.unit)}–{_number(max(values), row.unit)})"


def _number(value: float, unit: str) -> str:
    if unit == "MB":
        return f"{value:.0f}"
    if unit == "part":
        return f"1/{1 / value:.3g}"
    return f"{value:.3f}" if value < 1 and unit == "s" else f"{value:.2f}"


def _unit(row: Row) -> str:
    return f" {row.unit}" if row.unit in ("s", "MB") else ""


def _size(gigabytes: float) -> str:
    return f"{gigabytes:g} GB"


def _goal(row: Row) -> str:
    sign = "≥" if row.at_least else "≤"
    bounds = (f"1/{1 / goal:.3g}" if row.unit == "part" else f"{goal:g}{_unit(row)}" for _, goal in row.goals)
    return ", ".join(f"{sign} {b} at {_size(size)}" for b, (size, _) in zip(bounds, row.goals, strict=True)) or "–"


def _met(row: Row, sizes: Sizes) -> str:
    """ "yes", "no", or at which size; nothing is said of a size that was not measured."""
    if not row.goals:
        return "–"
    measured = {size: sizes[size][row.key] for size, _ in row.goals if row.key in sizes.get(size, {})}
    answers = {size: row.met(median(measured[size]), goal) for size, goal in row.goals if size in measured}
    words = {size: "yes" if met else "no" for size, met in answers.items()}
    if len(words) == len(row.goals) and len(set(words.values())) == 1:
        return next(iter(words.values()))
    return ", ".join(f"{_size(size)} {word}" for size, word in words.items()) or "not measured"


def _note(host: Host, server: str) -> str:
    return (
        "Whole processes, medians with the least and the most; import and the usual way take turns, each into an "
        "emptied database of the same server, which has dfdev's settings. Queries are asked over TCP through the "
        "published port, by a client that is not dfdev's; the server's own clock measures them and the writes. Rows "
        "of the largest table (80 % of the dump) are deleted before each reset. Before a restore the disk is synced: "
        "what the snapshot has left to be written is not counted. "
        f"Measured on {host.date} by `python -m tests.bench.mysql` on {host.cpu} "
        f"({host.cores} cores, {host.memory} GB), {host.system}, kernel {host.kernel}, Docker Engine {host.engine}, "
        f"{server}, Python {host.python}, dfdev {host.dfdev}."
    )


def _unmeasured(sizes: Sizes) -> list[str]:
    left = [_size(size) for size, series in sizes.items() if "import" not in series]
    return ["", f"Not measured at {', '.join(left)}: the imports, which take minutes each."] if left else []
