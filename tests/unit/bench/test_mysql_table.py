from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from tests.bench.mysql_table import Series, Sizes, markdown, with_derived
from tests.unit.bench.series import HOST

SERIES: Series = {
    "reimport": [60.0, 64.0],
    "reimport-stock": [62.0],
    "import": [60.0, 62.0],
    "build": [70.0],
    "reset": [2.0, 1.9, 2.2],
    "first-write": [0.4, 0.5, 0.3],
    "second-write": [0.1, 0.1, 0.1],
    "reclaimed": [1300.4],
}


def _rows(sizes: Sizes) -> Mapping[str, list[str]]:
    lines = markdown(sizes, HOST, "MySQL 9.7.4").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    assert len({len(row) for row in cells}) == 1
    return {row[0]: row[1:] for row in cells}


def _row(sizes: Sizes, words: str) -> list[str]:
    return next(cells for title, cells in _rows(sizes).items() if words in title)


def test_a_row_shows_the_median_with_its_extremes_the_goal_and_the_verdict() -> None:
    assert _row({1: SERIES}, "until a query")[0] == "2.00 s (1.90–2.20)"
    assert _row({1: SERIES}, "first write to") == ["0.400 s (0.300–0.500)", "≤ 0.5 s at 1 GB", "yes"]


def test_one_value_has_no_extremes() -> None:
    assert _row({1: SERIES}, "build") == ["70.00 s", "–", "–"]
    assert _row({1: SERIES}, "reclaimed")[0] == "1300 MB"


def test_each_size_has_a_column_the_smallest_first() -> None:
    assert _rows({5: SERIES, 0.1: SERIES, 1: SERIES})["a dump of"] == ["0.1 GB", "1 GB", "5 GB", "goal", "met"]


def test_what_two_series_give_together() -> None:
    derived = with_derived(SERIES)
    assert [round(value, 4) for value in derived["import-speed"]] == [1.0164]
    assert [round(value, 4) for value in derived["reset-part"]] == [0.0323]
    assert [round(value, 4) for value in derived["copy-up"]] == [0.3, 0.4, 0.2]


def test_the_usual_way_is_what_speed_and_part_are_of() -> None:
    assert _row({1: SERIES}, "the speed") == ["1.02", "≥ 0.95 at 1 GB", "yes"]
    assert _row({1: SERIES}, "part") == ["1/31", "≤ 1/15 at 1 GB", "yes"]


@pytest.mark.parametrize(
    ("series", "words", "verdict"),
    [
        ({"import": [100.0], "reimport": [94.0]}, "speed", "no"),
        ({"import": [100.0], "reimport": [95.0]}, "speed", "yes"),
        ({"reset": [5.0], "reimport-stock": [60.0]}, "part", "no"),
        ({"first-write": [0.5004], "second-write": [0.0]}, "first write to", "no"),
        ({"restore": [4.0]}, "restore", "yes"),
    ],
)
def test_a_goal_bounds_the_figure_as_it_is(series: Mapping[str, Sequence[float]], words: str, verdict: str) -> None:
    assert _row({1: series}, words)[-1] == verdict


@pytest.mark.parametrize(
    ("one", "five", "verdict"),
    [(2.0, 4.0, "yes"), (3.0, 6.0, "no"), (2.0, 6.0, "1 GB yes, 5 GB no")],
)
def test_a_goal_at_two_sizes_says_where_it_is_met(one: float, five: float, verdict: str) -> None:
    assert _row({1: {"reset": [one]}, 5: {"reset": [five]}}, "until a query")[-1] == verdict


def test_nothing_is_said_of_a_size_that_was_not_measured() -> None:
    assert _row({0.1: SERIES}, "until a query")[-1] == "not measured"
    assert _row({1: SERIES}, "until a query")[-1] == "1 GB yes"


def test_imports_that_were_left_out_are_said_to_be() -> None:
    text = markdown({1: SERIES, 5: {"reset": [4.0], "import": []}}, HOST, "MySQL 9.7.4")
    assert text.endswith("Not measured at 5 GB: the imports, which take minutes each.")
    assert "Not measured" not in markdown({1: SERIES}, HOST, "MySQL 9.7.4")


def test_the_machine_and_the_versions_are_named() -> None:
    note = markdown({1: SERIES}, HOST, "MySQL 9.7.4").splitlines()[-1]
    for part in ("2026-11-24", "A CPU (2 cores, 8 GB)", "Debian", "6.1", "Engine 28.5.2", "MySQL 9.7.4", "0.1.0"):
        assert part in note
