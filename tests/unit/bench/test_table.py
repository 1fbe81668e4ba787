from __future__ import annotations

from tests.bench.summary import summarise
from tests.bench.table import markdown
from tests.unit.bench.series import HOST, result, row, samples


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_a_row_shows_medians_extremes_ratio_goal_and_verdict() -> None:
    series = {"p/up/dfdev": samples(0.5, 0.45, 0.6), "p/up/compose": samples(2.0, 1.9, 2.1)}
    table = markdown(summarise([row("up", (0.25,))], series), HOST).splitlines()
    assert _cells(table[2]) == [
        "`up`",
        "`peer`",
        "0.500 s (0.450–0.600)",
        "2.00 s (1.90–2.10)",
        "0.25",
        "≤ 0.25",
        "yes",
    ]
    assert len(_cells(table[0])) == len(_cells(table[1])) == 7


def test_a_missed_goal_says_no() -> None:
    assert _cells(markdown([result(2.0, 1.0, 0.9)], HOST).splitlines()[2])[-1] == "no"


def test_a_goal_half_way_says_which_half() -> None:
    cells = _cells(markdown([result(1.2, 1.0, 1.5, 1.0)], HOST).splitlines()[2])
    assert cells[-2:] == ["≤ 1.5, then 1", "1.5 yes, 1 no"]


def test_without_a_peer_there_is_no_ratio() -> None:
    alone = row("c", (0.1,), absolute=True)
    alone = type(alone)(alone.key, alone.title, "", alone.ours, "", alone.goals, absolute=True)
    cells = _cells(markdown(summarise([alone], {alone.ours: samples(0.08)}), HOST).splitlines()[2])
    assert cells == ["`c`", "–", "0.080 s (0.080–0.080)", "–", "–", "≤ 0.1 s", "yes"]


def test_the_machine_is_named() -> None:
    note = markdown([result(1.0, 1.0, 1.0)], HOST).splitlines()[-1]
    for part in (
        "2026-11-24",
        "A CPU (2 cores, 8 GB)",
        "6.1",
        "Engine 28.5.2",
        "compose 2.40.3",
        "Python 3.11.7",
        "0.1.0",
    ):
        assert part in note
