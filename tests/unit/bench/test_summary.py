from __future__ import annotations

import pytest

from tests.bench.rows import ROWS
from tests.bench.summary import summarise
from tests.unit.bench.series import result, row, samples


def test_the_ratio_is_that_of_the_medians() -> None:
    series = {"p/status/dfdev": samples(0.1, 0.3, 0.2), "p/status/compose": samples(0.8, 0.1, 0.4)}
    (found,) = summarise([row()], series)
    assert found.ratio == pytest.approx(0.5)
    assert (found.ours.median, found.ours.least, found.ours.most, found.ours.count) == (0.2, 0.1, 0.3, 3)


def test_a_goal_is_met_by_the_figure_and_not_by_its_rounding() -> None:
    assert result(0.9, 1.0, 0.9).met == (True,)
    assert result(0.9001, 1.0, 0.9).met == (False,)


def test_several_goals_are_answered_one_by_one() -> None:
    assert result(1.2, 1.0, 1.5, 1.0).met == (True, False)


def test_memory_is_bounded_in_megabytes_of_the_larger_process() -> None:
    series = {"p/m/dfdev": samples(1.0, peak=58_592), "p/m/compose": samples(1.0, peak=29_296)}
    (found,) = summarise([row("m", (60.0,), unit="MB", absolute=True)], series)
    assert found.reached == pytest.approx(60.0, abs=0.01)
    assert found.ratio == pytest.approx(2.0)
    assert found.met == (True,)


def test_rows_without_samples_are_left_out() -> None:
    assert summarise(ROWS, {}) == []
    assert summarise([row()], {"p/status/dfdev": samples(1.0)}) == []


def test_every_row_has_a_key_of_its_own() -> None:
    assert len({r.key for r in ROWS}) == len(ROWS)
