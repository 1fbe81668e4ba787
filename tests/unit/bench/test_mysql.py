from __future__ import annotations

import pytest

from tests.bench.mysql import MARKERS, sizes_of
from tests.bench.mysql_turns import counts
from tests.bench.readme import replaced
from tests.bench.sample import BenchError


def test_sizes_are_gigabytes_the_smallest_first() -> None:
    assert sizes_of("5,0.1,1,1") == [0.1, 1.0, 5.0]


@pytest.mark.parametrize("text", ["", "0", "-1", "1,", "big"])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        sizes_of(text)


@pytest.mark.parametrize("quick", [True, False])
def test_only_what_takes_minutes_is_left_out(quick: bool) -> None:
    assert counts(1, quick).imports > 0
    assert counts(5, quick).imports == 0
    assert counts(5, quick).writes > 0


@pytest.mark.parametrize("gigabytes", [0.1, 1.0, 5.0])
def test_a_reset_is_measured_five_times_at_least(gigabytes: float) -> None:
    assert counts(gigabytes, quick=False).writes >= 5


def test_without_the_markers_the_readme_is_refused() -> None:
    with pytest.raises(BenchError, match="one line <!-- mysql:begin -->"):
        replaced("# dfdev\n", "table", "README.md", MARKERS)
