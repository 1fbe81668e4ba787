"""What is to be done about a clock that is off."""

from __future__ import annotations

import pytest

from dfdev.core.clock import MILLISECOND, SECOND, Offset
from dfdev.core.correction import Action, Memory, Mode, Rest, as_before, decide, stood_still, undisturbed

TOLERANCE = 500 * MILLISECOND
BOOT = Rest("boot", 100.0)
NOW = 1_700_000_000.0


def exactly(seconds: float) -> Offset:
    return Offset(int(seconds * SECOND), int(seconds * SECOND))


@pytest.mark.parametrize(
    ("offset", "mode", "can_set", "fought", "action"),
    [
        (exactly(0.4), "auto", True, False, "nothing"),
        (exactly(-0.4), "never", False, True, "nothing"),
        (None, "auto", True, False, "nothing"),
        (Offset(-10 * SECOND, 10 * SECOND), "auto", True, False, "nothing"),  # nobody can tell
        (exactly(-0.6), "auto", True, False, "step"),
        (exactly(-86400), "auto", True, False, "step"),
        (exactly(0.6), "auto", True, False, "step"),
        (exactly(2.0), "auto", True, False, "step"),
        (exactly(2.1), "auto", True, False, "ask"),  # far back
        (exactly(86400), "auto", True, False, "ask"),
        (exactly(-0.6), "ask", True, False, "ask"),
        (exactly(2.1), "ask", True, False, "ask"),
        (exactly(-60), "never", True, False, "leave"),
        (exactly(60), "never", True, False, "leave"),
        (exactly(-60), "auto", False, False, "leave"),
        (exactly(-60), "ask", False, False, "leave"),
        (exactly(-60), "auto", True, True, "leave"),
        (exactly(60), "ask", True, True, "leave"),
    ],
)
def test_the_decision(offset: Offset | None, mode: Mode, can_set: bool, fought: bool, action: Action) -> None:
    assert decide(offset, TOLERANCE, mode, can_set=can_set, fought=fought).action == action


@pytest.mark.parametrize(
    ("mode", "can_set", "fought", "seconds", "why"),
    [
        ("never", True, False, -3, "the machine's clock is 3.0 s behind, and [clock] correct is never"),
        ("auto", False, False, -3, "the machine's clock is 3.0 s behind, and dfdev does not set it"),
        ("auto", True, True, -3, "the machine's clock is 3.0 s behind again, though it was set a moment ago"),
        ("auto", True, False, 9, "the machine's clock is 9.0 s ahead: setting it lets time run backwards there"),
        ("ask", True, False, -3, "the machine's clock is 3.0 s behind"),
    ],
)
def test_the_reason(mode: Mode, can_set: bool, fought: bool, seconds: int, why: str) -> None:
    assert decide(exactly(seconds), TOLERANCE, mode, can_set=can_set, fought=fought).why == why


@pytest.mark.parametrize(
    ("now", "earlier", "seconds"),
    [
        (BOOT, BOOT, 0.0),
        (Rest("boot", 160.0), BOOT, 60.0),
        (Rest("another", 100.0), BOOT, float("inf")),
        (Rest("", 100.0), Rest("", 100.0), float("inf")),  # nobody knows
        (Rest("", 100.0), BOOT, float("inf")),
        (BOOT, Rest("", 100.0), float("inf")),
        (BOOT, Rest("", 0.0), float("inf")),  # nothing remembered
    ],
)
def test_how_long_the_host_slept(now: Rest, earlier: Rest, seconds: float) -> None:
    assert now.since(earlier) == seconds


@pytest.mark.parametrize(
    ("ago", "slept", "boot", "still"),
    [
        (0, 0, "boot", True),
        (599, 0, "boot", True),
        (601, 0, "boot", False),
        (-1, 0, "boot", False),  # the host's clock went back: nothing that is remembered holds
        (10, 0.9, "boot", True),
        (10, 1.0, "boot", False),
        (10, 3600, "boot", False),
        (10, 0, "another", False),
        (10, 0, "", False),
    ],
)
def test_what_is_remembered_holds_for_a_while_and_until_the_host_sleeps(
    ago: float, slept: float, boot: str, still: bool
) -> None:
    rest = Rest(boot, BOOT.slept + slept)
    found = Memory(rest=BOOT, measured=NOW - ago)
    assert undisturbed(found, rest, NOW) is still
    was_set = Memory(stepped=NOW - ago, stepped_rest=BOOT, stepped_from=-60 * SECOND)
    assert as_before(was_set, exactly(-60), rest, NOW) is still
    assert not as_before(found, exactly(-60), rest, NOW)
    assert not undisturbed(was_set, rest, NOW)


@pytest.mark.parametrize(
    ("before", "now", "back"),
    [
        (-60, -60, True),
        (-60, -62, True),  # a twentieth more or less
        (-60, -64, False),  # the machine was paused once more
        (-60, 60, False),
        (-1, -1.15, True),
        (-1, -1.3, False),
        (3600, 3600, True),
    ],
)
def test_off_by_as_much_as_before(before: float, now: float, back: bool) -> None:
    memory = Memory(stepped=NOW - 10, stepped_rest=BOOT, stepped_from=int(before * SECOND))
    assert as_before(memory, exactly(now), BOOT, NOW) is back


def test_a_wide_measurement_may_be_the_same_as_before() -> None:
    memory = Memory(stepped=NOW - 10, stepped_rest=BOOT, stepped_from=-3 * SECOND)
    assert as_before(memory, Offset(-5 * SECOND, -3 * SECOND), BOOT, NOW)
    assert not as_before(memory, None, BOOT, NOW)


@pytest.mark.parametrize(
    ("seconds", "silence", "still"),
    [
        (-20, 20.0, True),
        (-20, 25.0, True),  # nobody asked at the very wake
        (-20.1, 20.0, True),
        (-20, 10.0, False),
        (-20, 0.9, False),
        (-0.8, 0.9, False),  # the usual pause between two questions explains nothing
        (-0.8, 1.6, True),
        (20, 0.9, False),  # nothing that stands still gets ahead
    ],
)
def test_a_machine_that_stood_still_was_silent_for_as_long(seconds: float, silence: float, still: bool) -> None:
    assert stood_still(exactly(seconds), silence) is still
    assert not stood_still(None, silence)


def test_what_may_be_set_back_is_set_and_looked_at_again() -> None:
    decision = decide(exactly(-20), TOLERANCE, "auto", can_set=True, fought=False, doubtful=True)
    assert (decision.action, decision.doubtful) == ("step", True)


def test_nothing_remembered_is_neither() -> None:
    assert not undisturbed(Memory(), BOOT, NOW)
    assert not as_before(Memory(), exactly(0), BOOT, NOW)
