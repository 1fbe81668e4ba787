"""Amounts as people read them."""

from __future__ import annotations

import pytest

from dfdev.core.amounts import pace_text, size_text, time_text


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1_499, "1 kB"),
        (999_499, "999 kB"),
        (999_500, "1.0 MB"),
        (18_240_000, "18.2 MB"),
        (670_000_000, "670 MB"),
        (1_400_000_000, "1.4 GB"),
        (5 * 10**15, "5000 TB"),
    ],
)
def test_sizes(count: int, text: str) -> None:
    assert size_text(count) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.04, "0.0 s"), (9.94, "9.9 s"), (25, "25 s"), (240, "4 min"), (5 * 3600, "5 h"), (3 * 86400, "3 days")],
)
def test_times(seconds: float, text: str) -> None:
    assert time_text(seconds) == text


def test_a_pace_has_a_rate_and_a_rest_once_it_can_be_told() -> None:
    assert pace_text(212_000_000, 670_000_000, 11.6) == "212 MB of 670 MB, 18.3 MB/s, 25 s left"
    assert pace_text(212, 670, 0.5) == "212 B of 670 B"
    assert pace_text(0, 670, 5) == "0 B of 670 B"
    assert pace_text(700, 670, 2).endswith("0.0 s left"), "a file that grows meanwhile"
