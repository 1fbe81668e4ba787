"""Setting a machine's clock: which way is tried, how often, and what is made of the outcome."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dfdev.clock.correct import Correction, Method, Subject, correct, measured, pullers, told
from dfdev.clock.step import CannotSet
from dfdev.core.clock import MILLISECOND, SECOND, Offset
from dfdev.errors import ClockRefused, EngineError, EngineHung, MachineError
from dfdev.system.commands import CommandMissing
from tests.fakes.shell import FakeShell
from tests.unit.clock.vm import Vm

TOLERANCE = 500 * MILLISECOND
MISSING = CommandMissing("there is no command colima here", "install it")


def corrected(
    vm: Vm, subject: Subject | None = None, method: Method = "auto", *, look_again: bool = False
) -> Correction:
    return correct(subject or vm.subject(), vm.offset(), TOLERANCE, method, look_again=look_again, sleep=vm.sleep)


def last(offset: Offset | None) -> float:
    assert offset is not None
    return round(offset.middle / SECOND, 2)


# -- which way


@pytest.mark.parametrize("skew", [-20.5, -3600.0, -0.7, 3.25])
def test_the_root_shell_comes_first(skew: float) -> None:
    vm = Vm(skew)
    done = corrected(vm)
    assert (vm.off, vm.steps, vm.ways) == (0, [-skew], ["python perl date edge"])
    assert (done.method, last(done.before), last(done.after)) == ("root shell: clock_adjtime", skew, 0)
    assert vm.engine.calls == [] and vm.image_lists == 0


def test_the_shell_is_opened_once_and_closed() -> None:
    vm = Vm(-20, leaves=[0.7])
    corrected(vm)
    assert (vm.shell.opened, vm.shell.closed, len(vm.steps)) == (1, 1, 2)


@pytest.mark.parametrize("code", [77, 3, 1])
def test_a_helper_where_the_shell_cannot(code: int) -> None:
    vm = Vm(-20, shell_code=code)
    assert corrected(vm).method == "helper container of busybox:1: clock_adjtime"
    assert (vm.off, vm.steps, vm.shell.closed) == (0, [20], 1)


def test_a_helper_where_the_shell_does_not_open() -> None:
    vm = Vm(-20)
    assert corrected(vm, vm.subject(cannot_open=MISSING)).method.startswith("helper container")
    assert (vm.off, vm.steps) == (0, [20])


@pytest.mark.parametrize("part", ["date", "SEC="])
def test_a_helper_where_the_shell_hangs_or_ends(part: str) -> None:
    for vm in (Vm(-20), Vm(-20)):
        vm.shell.late(part)
        assert corrected(vm).method.startswith("helper container")
        assert (vm.off, vm.steps, vm.shell.closed) == (0, [20], 1)


def test_a_helper_where_there_is_no_shell() -> None:
    vm = Vm(-20)
    assert corrected(vm, vm.subject(shell=False)).method.startswith("helper container")
    assert vm.shell.opened == 0


def test_the_next_image_where_one_has_no_shell() -> None:
    vm = Vm(-20, ["b:1"], {"b:1": 0})
    subject = replace(vm.subject(shell=False), images=lambda: ["scratch:1", "b:1"])
    assert corrected(vm, subject).method == "helper container of b:1: clock_adjtime"
    assert vm.steps == [20]


@pytest.mark.parametrize(
    ("method", "shell", "how", "ways"),
    [
        ("shell", True, "root shell: clock_adjtime", "python perl date edge"),
        ("helper", True, "helper container of busybox:1: clock_adjtime", "python perl date edge"),
        ("helper", False, "helper container of busybox:1: clock_adjtime", "python perl date edge"),
        ("date", True, "root shell: date", "absolute"),
        ("date", False, "helper container of busybox:1: date", "absolute"),
    ],
)
def test_the_method_that_was_asked_for(method: Method, shell: bool, how: str, ways: str) -> None:
    vm = Vm(-20)
    assert corrected(vm, vm.subject(shell=shell), method).method == how
    assert vm.ways == [ways]


def test_the_method_shell_goes_no_other_way() -> None:
    vm = Vm(-20, shell_code=77)
    with pytest.raises(CannotSet, match="root shell: not permitted"):
        corrected(vm, method="shell")
    assert vm.engine.calls == [] and vm.off == -20


def test_the_method_shell_without_a_shell() -> None:
    vm = Vm(-20)
    with pytest.raises(CannotSet, match="no root shell") as error:
        corrected(vm, vm.subject(shell=False), "shell")
    assert "--method helper" in error.value.hint


# -- how often


@pytest.mark.parametrize("left", [0.9, -0.9, 5.0])
def test_what_a_coarse_way_leaves_is_stepped_once_more(left: float) -> None:
    vm = Vm(-20, leaves=[left])
    done = corrected(vm)
    assert vm.steps == [20, -left]
    assert (vm.off, last(done.after), last(done.before)) == (0, 0, -20)


def test_never_more_than_two_steps() -> None:
    vm = Vm(-100, leaves=[20, 5, 1])
    assert last(corrected(vm).after) == 5
    assert vm.steps == [100, -20]


@pytest.mark.parametrize("left", [0.0, 0.4, -0.4])
def test_one_step_where_it_comes_within_the_tolerance(left: float) -> None:
    vm = Vm(-20, leaves=[left])
    assert last(corrected(vm).after) == left
    assert vm.steps == [20]


@pytest.mark.parametrize("left", [-19.0, -12.0, 15.0, 30.0])
def test_one_step_where_it_did_not_help(left: float) -> None:
    """Nothing moved, or somebody else moved it too: another step would be a quarrel."""
    vm = Vm(-20, leaves=[left])
    assert last(corrected(vm).after) == left
    assert vm.steps == [20]


def test_what_people_typed_in_2014_is_done_once() -> None:
    vm = Vm(-20, leaves=[0.9])
    assert last(corrected(vm, method="date").after) == 0.9
    assert vm.steps == [20]


def test_a_tool_that_lies_is_found_out() -> None:
    vm = Vm(-20, lies=True)
    done = corrected(vm)
    assert (last(done.after), vm.steps, done.pulled_back) == (-20, [20], True)


def test_after_a_step_that_worked_no_other_way_is_tried() -> None:
    """The engine hangs right after: the clock was set all the same."""
    vm = Vm(-20)

    def hang() -> None:
        vm.engine.error = EngineHung("hangs")

    vm.on_step = hang
    with pytest.raises(EngineHung):
        corrected(vm)
    assert (vm.steps, vm.off, vm.engine.calls) == ([20], 0, [])


def test_a_shell_that_dies_after_its_step_is_no_failure() -> None:
    vm = Vm(-20)

    def die() -> None:
        vm.shell.ends("date", "connection lost")

    vm.on_step = die
    assert last(corrected(vm).after) == 0
    assert (vm.steps, vm.engine.calls) == ([20], [])


# -- a second look


def test_a_second_on_it_is_looked_at_once_more() -> None:
    vm = Vm(-20)
    done = corrected(vm, look_again=True)
    assert (vm.slept, last(done.later), done.pulled_back, done.pullers) == ([1.0], 0, False, ())


def test_only_where_that_is_asked_for() -> None:
    vm = Vm(-20)
    assert corrected(vm, look_again=False).later is None
    assert vm.slept == []


@pytest.mark.parametrize(
    ("skew", "later", "back"),
    [
        (-20, -20, True),
        (-20, -11, True),
        (-20, -9, False),  # less than half of the way
        (-20, 20, False),  # the other way is another story
        (60, 60, True),
        (60, -60, False),
        (-0.6, -0.1, False),
        (-0.6, -0.6, True),
    ],
)
def test_pulled_back(skew: float, later: float, back: bool) -> None:
    vm = Vm(skew, daemons="systemd\nchronyd\n")
    vm.on_sleep = lambda: vm.skews(later)
    done = corrected(vm, look_again=True)
    assert done.pulled_back is back
    assert done.pullers == (("chronyd",) if back else ())


@pytest.mark.parametrize(
    ("running", "names"),
    [
        ("systemd\nsystemd-timesyn\n", ("systemd-timesyncd",)),  # as the kernel cuts it
        ("ntpd\nchronyd\n", ("chronyd", "ntpd")),
        ("VBoxService\nvmtoolsd\nprltoolsd\n", ("VBoxService", "vmtoolsd", "prltoolsd")),
        ("sntpd\nntpdate\nchrony\n", ()),
        ("", ()),
    ],
)
def test_who_sets_a_clock(running: str, names: tuple[str, ...]) -> None:
    assert pullers(FakeShell().on("/comm", running)) == names


def test_without_a_shell_nobody_is_named() -> None:
    vm = Vm(-20)
    vm.on_sleep = lambda: vm.skews(-20)
    done = corrected(vm, vm.subject(shell=False), look_again=True)
    assert (done.pulled_back, done.pullers) == (True, ())


def test_a_shell_that_fails_does_not_hide_that_it_was_pulled_back() -> None:
    vm = Vm(-20)
    vm.shell.late("/comm")
    vm.on_sleep = lambda: vm.skews(-20)
    done = corrected(vm, look_again=True)
    assert (done.pulled_back, done.pullers) == (True, ())


# -- what goes wrong


def test_the_first_error_is_told_and_the_others_below_it() -> None:
    vm = Vm(-20, shell_code=77, helper={"busybox:1": 77})
    with pytest.raises(CannotSet) as error:
        corrected(vm)
    assert error.value.message == "root shell: not permitted to set the clock"
    assert error.value.details == ("helper container of busybox:1: not permitted to set the clock",)
    assert (vm.steps, vm.off) == ([], -20)


def test_an_engine_that_fails_is_told_too() -> None:
    vm = Vm(-20, shell_code=3)

    def images() -> list[str]:
        raise EngineError("no disk left", "free some")

    with pytest.raises(CannotSet) as error:
        corrected(vm, replace(vm.subject(), images=images))
    assert error.value.details == ("no disk left",)


def test_nothing_to_make_a_helper_of() -> None:
    vm = Vm(-20, images=())
    with pytest.raises(CannotSet, match="no image for a helper"):
        corrected(vm, vm.subject(shell=False))


# -- an engine that refuses because of its clock


def test_the_shell_tells_the_clock_of_an_engine_that_refuses() -> None:
    vm = Vm(-3600)
    vm.engine.refuses = True
    assert last(measured(vm.subject())) == -3600
    assert vm.shell.opened == vm.shell.closed == 1


def test_without_a_shell_the_refusal_stands() -> None:
    vm = Vm(-3600)
    vm.engine.refuses = True
    with pytest.raises(ClockRefused):
        measured(vm.subject(shell=False))


def test_an_engine_that_refuses_is_set_through_the_shell_and_answers_then() -> None:
    vm = Vm(-3600)
    vm.engine.refuses = True
    done = corrected(vm)
    assert (vm.off, last(done.after), done.method) == (0, 0, "root shell: clock_adjtime")


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        (-20_500, Offset(0, 2 * MILLISECOND), "20.5 s behind → 1 ms ahead ± 1 ms (root shell, 0.3 s)"),
        (700, None, "700 ms ahead → not measured (root shell, 0.3 s)"),
    ],
)
def test_one_line_for_a_person(before: int, after: Offset | None, line: str) -> None:
    offset = Offset(before * MILLISECOND, before * MILLISECOND)
    assert told(Correction(offset, after, None, "root shell", 0.25)) in (line, line.replace("0.3", "0.2"))


def test_errors_are_the_machine_s() -> None:
    assert issubclass(CannotSet, MachineError)
