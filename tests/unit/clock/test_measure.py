"""Measuring, against a machine whose offset is known."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dfdev.clock.measure import glance_in, measure, measure_in
from dfdev.core.clock import MILLISECOND, SECOND, Exchange, Offset
from dfdev.core.observed import EngineInfo
from dfdev.errors import MachineError
from tests.fakes.shell import FakeShell
from tests.unit.clock.world import World

offsets = st.integers(-86400 * SECOND, 86400 * SECOND)
ways = st.integers(0, 60 * MILLISECOND)
jitters = st.integers(0, 20 * MILLISECOND)
seeds = st.integers(0, 2**32)


def holds(world: World, found: Offset | None) -> Offset:
    assert found is not None
    assert found.low <= world.offset <= found.high
    return found


@given(offsets, ways, ways, jitters, seeds)
def test_by_info_the_true_offset_is_within(true: int, there: int, back: int, jitter: int, seed: int) -> None:
    world = World(true, there, back, jitter, seed=seed)
    found = holds(world, measure(world, world.sleep, world.time))
    assert found.bound <= (there + back + 2 * jitter) // 2 + 1
    assert not world.slept


@given(offsets, ways, ways, jitters, seeds)
def test_by_dates_the_true_offset_is_within(true: int, there: int, back: int, jitter: int, seed: int) -> None:
    """As sharp as the way allows, and soon."""
    world = World(true, there, back, jitter, grain=None, seed=seed)
    found = holds(world, measure(world, world.sleep, world.time))
    assert found.bound <= (there + back + 2 * jitter) // 2 + 2 * MILLISECOND + 1
    assert world.asked <= 4 + 40


@given(offsets, seeds)
def test_by_dates_of_an_engine_on_this_host_it_takes_a_dozen(true: int, seed: int) -> None:
    world = World(true, grain=None, seed=seed, jitter=MILLISECOND // 10)
    began = world.now
    assert holds(world, measure(world, world.sleep, world.time)).bound <= 2.5 * MILLISECOND
    assert world.asked <= 4 + 16
    assert world.now - began < 16 * SECOND


@pytest.mark.parametrize("milliseconds", [1, 5, 20, 80])
def test_a_slow_way_does_not_make_it_endless(milliseconds: int) -> None:
    world = World(-3 * SECOND, milliseconds * MILLISECOND, milliseconds * MILLISECOND, grain=None)
    holds(world, measure(world, world.sleep, world.time))
    assert world.asked <= 4 + 16


@pytest.mark.parametrize("milliseconds", [1, 20, 80])
@pytest.mark.parametrize("percent_n", ["%N", ""])
def test_by_the_date_of_busybox(milliseconds: int, percent_n: str) -> None:
    way = milliseconds * MILLISECOND
    world = World(-7_250 * MILLISECOND, way, way, tick=10 * MILLISECOND, percent_n=percent_n)
    found = holds(world, measure_in(world.shell(), world.sleep, world.time))
    assert found.bound <= way + 8 * MILLISECOND
    assert len(world.slept) <= 16


@given(offsets, st.integers(0, MILLISECOND), jitters, seeds)
def test_by_the_date_of_busybox_the_true_offset_is_within(true: int, way: int, jitter: int, seed: int) -> None:
    world = World(true, way, way, jitter, tick=10 * MILLISECOND, seed=seed)
    holds(world, measure_in(world.shell(), world.sleep, world.time))


def test_by_gnu_date_nothing_is_waited_for() -> None:
    world = World(90 * SECOND, percent_n="exact")
    assert holds(world, measure_in(world.shell(), world.sleep, world.time)).bound < MILLISECOND
    assert not world.slept


def test_a_glance_into_a_machine_waits_for_nothing() -> None:
    world = World(90 * SECOND, tick=10 * MILLISECOND)
    shell = world.shell()
    assert holds(world, glance_in(shell)).bound > 100 * MILLISECOND
    assert len(shell.asked) == 4 and not world.slept


@pytest.mark.parametrize(
    ("out", "code"),
    [("", 0), ("now.5\n", 0), ("-3.123456789\n", 0), ("1700000000.1\n", 1), ("sh: date: not found\n", 127)],
)
def test_a_shell_without_a_date_is_an_error(out: str, code: int) -> None:
    with pytest.raises(MachineError, match="`date` in the machine says"):
        measure_in(FakeShell().on("date", out, code))


class Jumping(World):
    """Somebody sets its clock by an hour after so many questions."""

    def __init__(self, jumps: set[int], grain: int | None = 1) -> None:
        super().__init__(grain=grain)
        self.jumps = jumps

    def _exchange(self, grain: int) -> Exchange:
        if self.asked in self.jumps:
            self.offset += 3600 * SECOND
        return super()._exchange(grain)


@pytest.mark.parametrize("grain", [1, None])
@pytest.mark.parametrize("jump", range(1, 8))
def test_a_clock_that_is_set_meanwhile_is_measured_anew(jump: int, grain: int | None) -> None:
    world = Jumping({jump}, grain)
    holds(world, measure(world, world.sleep, world.time))


def test_a_clock_that_is_set_all_the_while_is_not_measured() -> None:
    world = Jumping(set(range(100)))
    assert measure(world, world.sleep, world.time) is None
    assert world.asked == 12


def test_the_first_answer_does_not_count() -> None:
    """It pays for the connection, and its stamp may be from before the machine woke."""
    world = Jumping({1})
    holds(world, measure(world, world.sleep, world.time))
    assert world.asked == 4


class Stale(World):
    """Every other `/info` has no stamp of its own."""

    def info(self) -> EngineInfo:
        info = super().info()
        return replace(info, clock=None) if self.asked % 2 else info


def test_answers_without_a_stamp_of_their_own_are_passed_over() -> None:
    world = Stale(5 * SECOND)
    assert holds(world, measure(world, world.sleep, world.time)).bound < MILLISECOND
    assert not world.slept


class Mute(World):
    def date(self, seconds: float | None = None) -> Exchange | None:
        return None


def test_an_engine_that_says_nothing_at_all() -> None:
    world = Mute(grain=None)
    assert measure(world, world.sleep, world.time) is None
