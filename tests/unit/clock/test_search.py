"""Looking for a machine beside the watch."""

from __future__ import annotations

import threading

import pytest

from dfdev.clock.search import Search, pause
from dfdev.errors import MachineError


@pytest.mark.parametrize(("gone", "seconds"), [(0, 2.0), (59, 2.0), (60, 5.0), (599, 5.0), (600, 15.0), (86400, 15.0)])
def test_the_longer_it_is_gone_the_less_often(gone: float, seconds: float) -> None:
    assert pause(gone) == seconds


def test_one_look_at_a_time_and_what_it_found_is_taken_once() -> None:
    """Also where somebody asked for the result while the look went on."""
    go, looks = threading.Event(), 0

    def find() -> str:
        nonlocal looks
        looks += 1
        assert go.wait(20)
        return f"machine {looks}"

    search = Search(find)
    search.begin()
    search.begin()
    assert search.take() is None
    go.set()
    search.end()
    assert (search.take(), search.take(), looks) == ("machine 1", None, 1)


def test_a_tool_that_fails_finds_nothing() -> None:
    def find() -> str:
        raise MachineError("boot2docker failed", "run it by hand")

    search = Search(find)
    search.begin()
    search.end()
    assert search.take() is None
