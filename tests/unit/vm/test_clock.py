"""Offsets out of samples."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vm.clock import Sample, combine, parts

DELAY = st.integers(0, 10**9)
SECONDS = 10**9


@given(st.integers(-(10**15), 10**15), st.lists(st.tuples(DELAY, DELAY), min_size=1, max_size=12))
def test_the_truth_is_within_the_bound(offset: int, delays: list[tuple[int, int]]) -> None:
    """However long the way there and the way back take, each time anew."""
    at = 1_800_000_000 * SECONDS
    samples = [Sample(at, at + there + offset, at + there + back) for there, back in delays]
    found = combine(samples)
    assert found is not None
    assert abs(found.seconds - offset / SECONDS) <= found.bound + 1e-6
    assert found.bound <= min(there + back for there, back in delays) / 2 / SECONDS + 1e-6


def test_a_clock_that_is_stepped_meanwhile_has_no_offset() -> None:
    assert combine([Sample(0, 10, 20), Sample(100, 5 * SECONDS, 120)]) is None


@pytest.mark.parametrize(("step", "expected"), [(1_500_000_000, (1, 500_000_000)), (-250_000_000, (-1, 750_000_000))])
def test_a_step_backward_has_nanoseconds_from_zero_on(step: int, expected: tuple[int, int]) -> None:
    assert parts(step) == expected
