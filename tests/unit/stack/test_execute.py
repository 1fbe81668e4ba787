import threading

import pytest

from dfdev.core.events import Ended, Event, Failed
from dfdev.core.plan import Action, Plan
from dfdev.errors import DfdevError
from dfdev.stack.execute import execute


def step(subject: str, *after: str) -> Action:
    return Action("start", subject, "test", after=tuple(f"start {a}" for a in after))


def test_a_step_comes_after_the_steps_it_waits_for() -> None:
    done: list[str] = []
    execute(
        Plan((step("c", "b"), step("b", "a"), step("a"))),
        lambda action: done.append(action.subject),
        lambda event: None,
    )
    assert done == ["a", "b", "c"]


def test_independent_steps_run_at_the_same_time() -> None:
    meeting = threading.Barrier(3, timeout=10)

    def meet(action: Action) -> None:
        meeting.wait()

    execute(Plan(tuple(step(n) for n in "abc")), meet, lambda event: None)


def test_after_a_failure_nothing_that_needs_it_begins_and_it_is_raised() -> None:
    done: list[str] = []
    events: list[Event] = []

    def act(action: Action) -> None:
        if action.subject == "a":
            raise DfdevError("a broke")
        done.append(action.subject)

    with pytest.raises(DfdevError, match="a broke"):
        execute(Plan((step("a"), step("b", "a"))), act, events.append)
    assert done == []
    assert Failed("start a", "a broke") in events
    assert not [e for e in events if isinstance(e, Ended)]


def test_a_second_failure_is_a_detail_of_the_first() -> None:
    meeting = threading.Barrier(2, timeout=10)

    def act(action: Action) -> None:
        meeting.wait()
        raise DfdevError(f"{action.subject} broke")

    with pytest.raises(DfdevError) as caught:
        execute(Plan((step("a"), step("b"))), act, lambda event: None)
    assert len(caught.value.details) == 1
    assert {caught.value.message, caught.value.details[0].removeprefix("also: ")} == {"a broke", "b broke"}
