"""The results as a Markdown table. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tests.bench.host import Host
from tests.bench.rows import Unit
from tests.bench.summary import Result, Spread

_HEAD = ("dfdev", "docker compose", "dfdev", "compose", "ratio", "goal", "met")


def markdown(results: Sequence[Result], host: Host) -> str:
    """Medians with their extremes; under the table, what it was measured on."""
    lines = [_line(_HEAD), "|---|---|--:|--:|--:|--:|:-:|", *(_line(_cells(result)) for result in results)]
    return "\n".join([*lines, "", _note(results, host)])


def plain(results: Iterable[Result]) -> str:
    """One short line per row, for a terminal."""
    return "\n".join(
        f"{r.row.key:16} {_value(r.ours, r.row.unit):28} {_value(r.peer, r.row.unit):28} {_ratio(r):>6} "
        f"{_goal(r):>16}  {_met(r)}"
        for r in results
    )


def _cells(result: Result) -> tuple[str, ...]:
    row = result.row
    values = (_value(result.ours, row.unit), _value(result.peer, row.unit))
    return (row.title, row.peer_title or "–", *values, _ratio(result), _goal(result), _met(result))


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _value(spread: Spread | None, unit: Unit) -> str:
    if spread is None:
        return "–"
    return f"{_number(spread.median, unit)} {unit} ({_number(spread.least, unit)}–{_number(spread.most, unit)})"


def _number(value: float, unit: Unit) -> str:
    if unit == "MB":
        return f"{value:.0f}"
    return f"{value:.3f}" if value < 1 else f"{value:.2f}"


def _ratio(result: Result) -> str:
    return "–" if result.ratio is None else f"{result.ratio:.2f}"


def _goal(result: Result) -> str:
    row = result.row
    unit = f" {row.unit}" if row.absolute else ""
    return "≤ " + ", then ".join(f"{goal:g}{unit}" for goal in row.goals)


def _met(result: Result) -> str:
    """ "yes", "no", or how far on the way: "1.5 yes, 1 no"."""
    if len(set(result.met)) == 1:
        return "yes" if result.met[0] else "no"
    answers = zip(result.row.goals, result.met, strict=True)
    return ", ".join(f"{goal:g} {'yes' if met else 'no'}" for goal, met in answers)


def _note(results: Sequence[Result], host: Host) -> str:
    counts = sorted({result.ours.count for result in results})
    runs = f"{counts[0]}" if len(counts) == 1 else f"{counts[0]} to {counts[-1]}"
    return (
        f"Whole processes, medians of {runs} runs with the least and the most, the two taking turns on one engine; "
        f"measured on {host.date} by `python -m tests.bench` on {host.cpu} ({host.cores} cores, {host.memory} GB), "
        f"{host.system}, kernel {host.kernel}, Docker Engine {host.engine}, docker compose {host.compose}, "
        f"Python {host.python}, dfdev {host.dfdev}."
    )
