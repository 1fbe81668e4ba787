"""Keeping a machine's clock right: looked at for nothing, waited for, set, left alone, and remembered."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from dfdev.core.clock import MILLISECOND, SECOND
from dfdev.core.correction import Memory
from dfdev.core.events import Began, Ended, Failed, Notice
from dfdev.errors import ClockRefused, EngineHung, MachineError
from tests.unit.clock.case import REFUSED, START, Case
from tests.unit.clock.vm import Vm


@pytest.mark.parametrize("provider", ["colima", "docker-desktop", "native", "remote"])
@pytest.mark.parametrize("skew", [0, 0.4, -0.4])
def test_a_clock_that_is_right_costs_no_question(tmp_path: Path, provider: str, skew: float) -> None:
    case = Case(tmp_path, Vm(skew), provider)
    assert case.keeps() == ("ok", 0)
    assert case.said == [] and case.vm.shell.opened == 0


@pytest.mark.parametrize(("provider", "remembered"), [("colima", True), ("native", False), ("remote", False)])
def test_a_machine_whose_clock_is_right_is_remembered(tmp_path: Path, provider: str, remembered: bool) -> None:
    case = Case(tmp_path, Vm(0), provider)
    assert not case.keeper.rested()
    case.keeps()
    assert case.keeper.rested() is remembered


def test_until_this_host_sleeps_or_ten_minutes_are_over(tmp_path: Path) -> None:
    case = Case(tmp_path, Vm(0))
    case.keeps()
    case.now += 599
    assert case.keeper.rested()
    case.slept = 5
    assert not case.keeper.rested()
    case.slept, case.now = 0, START + 601
    assert not case.keeper.rested()


def test_what_is_known_is_not_written_again(tmp_path: Path) -> None:
    case = Case(tmp_path, Vm(0))
    case.keeps()
    case.now += 60
    case.keeps()
    assert case.memory.measured == START
    case.now += 600
    case.keeps()
    assert case.memory.measured == START + 660


@pytest.mark.parametrize("provider", ["native", "remote"])
def test_an_engine_elsewhere_that_does_not_tell_is_not_asked(tmp_path: Path, provider: str) -> None:
    case = Case(tmp_path, Vm(0), provider)
    case.vm.engine.tells_time = False
    assert case.keeps() == ("unknown", 0)
    assert case.said == []


# -- off


@pytest.mark.parametrize("skew", [-20.5, -0.8, 1.5])
def test_a_clock_that_is_off_is_set_and_said(tmp_path: Path, skew: float) -> None:
    case = Case(tmp_path, Vm(skew))
    assert case.keeps()[0] == "ok"
    assert (case.vm.off, case.vm.steps) == (0, [-skew])
    assert any(isinstance(event, Notice) and "→" in event.text for event in case.said)
    assert case.warnings == []
    assert case.keeper.rested()
    assert case.memory.stepped == START
    assert abs(case.memory.stepped_from - skew * SECOND) < MILLISECOND


@pytest.mark.parametrize("provider", ["native", "remote"])
def test_a_clock_that_is_not_ours_is_measured_and_never_set(tmp_path: Path, provider: str) -> None:
    case = Case(tmp_path, Vm(-20), provider, agrees=True)
    assert case.keeps()[0] == "skewed"
    assert (case.vm.steps, case.vm.engine.calls, case.vm.shell.opened, case.asked) == ([], [], 0, [])
    assert case.warnings == [
        "the machine's clock is 20.0 s behind, and dfdev does not set it; at this offset fail: "
        "file watchers, make, apt: compare `date` there and here, and mend the one that is wrong"
    ]


def test_a_machine_in_a_cloud_is_never_set(tmp_path: Path) -> None:
    case = Case(tmp_path, Vm(-20), "docker-machine", cloud=True)
    assert case.keeps()[0] == "skewed"
    assert case.vm.steps == [] and len(case.warnings) == 1


def test_mode_never(tmp_path: Path) -> None:
    case = Case(tmp_path, Vm(-20), mode="never", agrees=True)
    assert case.keeps()[0] == "skewed"
    assert case.vm.steps == [] and case.asked == []
    assert "[clock] correct is never" in case.warnings[0] and "`dfdev clock sync` sets it" in case.warnings[0]


@pytest.mark.parametrize(("agrees", "verdict", "steps"), [(True, "ok", [20.0]), (False, "skewed", [])])
def test_mode_ask(tmp_path: Path, agrees: bool, verdict: str, steps: list[float]) -> None:
    case = Case(tmp_path, Vm(-20), mode="ask", agrees=agrees)
    assert case.keeps()[0] == verdict
    assert case.asked == ["the machine's clock is 20.0 s behind. Set it?"]
    assert case.vm.steps == steps and len(case.warnings) == (not agrees)


@pytest.mark.parametrize(("agrees", "verdict", "steps"), [(True, "ok", [-60.0]), (False, "skewed", [])])
def test_far_back_is_asked_about(tmp_path: Path, agrees: bool, verdict: str, steps: list[float]) -> None:
    case = Case(tmp_path, Vm(60), agrees=agrees)
    assert case.keeps()[0] == verdict
    assert case.vm.steps == steps
    assert "time run backwards" in case.asked[0]
    assert agrees or "`dfdev clock sync --allow-backward` sets it" in case.warnings[0]


def test_a_second_sleep_of_the_same_length_is_no_time_daemon(tmp_path: Path) -> None:
    """It is set again, and looked at again a second later: nothing has set it back."""
    case = Case(tmp_path, Vm(-20))
    case.keeps()
    assert case.vm.slept == [], "the first time nobody doubts"
    case.vm.skews(-20)
    case.now += 60
    assert case.keeps()[0] == "ok"
    assert (case.vm.steps, case.vm.slept, case.warnings) == ([20, 20], [1.0], [])


def test_pulled_back_while_somebody_looks_it_is_left_alone_from_then_on(tmp_path: Path) -> None:
    """Nobody quarrels with a time daemon."""
    case = Case(tmp_path, Vm(-20, daemons="chronyd\n"))
    case.keeps()
    case.vm.on_sleep = lambda: case.vm.skews(-20)
    case.vm.skews(-20)
    assert case.keeps()[0] == "skewed"
    assert case.warnings[0].startswith("chronyd sets the machine's clock back")
    case.now += 60
    assert case.keeps()[0] == "skewed"
    assert case.vm.steps == [20, 20] and "again, though it was set a moment ago" in case.warnings[1]


@pytest.mark.parametrize(("slept", "later", "skew"), [(3600, 60, -20), (0, 601, -20), (0, 60, -300)])
def test_off_for_another_reason_it_is_set_again(tmp_path: Path, slept: float, later: float, skew: float) -> None:
    case = Case(tmp_path, Vm(-20))
    case.keeps()
    case.vm.skews(skew)
    case.slept, case.now = slept, START + later
    assert case.keeps()[0] == "ok"
    assert case.vm.steps == [20, -skew]


def test_pulled_back_at_once_it_is_said_by_whom_and_not_remembered_as_right(tmp_path: Path) -> None:
    vm = Vm(-20, lies=True, daemons="chronyd\n")
    case = Case(tmp_path, vm)
    assert case.keeps()[0] == "skewed"
    assert case.warnings == [
        "chronyd sets the machine's clock back (20.0 s behind again): give it the right time, or stop it"
    ]
    assert not case.keeper.rested()
    assert case.memory.stepped == START


# -- what cannot be done


def test_a_clock_that_cannot_be_set_is_a_warning(tmp_path: Path) -> None:
    """The day's work goes on."""
    case = Case(tmp_path, Vm(-20, helper={"busybox:1": 77}), rooted=False)
    assert case.keeps()[0] == "skewed"
    assert case.warnings[0].startswith("the machine's clock stays wrong: helper container of busybox:1: not permitted")
    assert case.memory == Memory()
    assert any(isinstance(event, Failed) for event in case.said)
    assert not any(isinstance(event, Ended) for event in case.said)


def test_a_shell_that_hangs_while_measuring_is_a_warning(tmp_path: Path) -> None:
    case = Case(tmp_path, Vm(-3600))
    info = case.vm.engine.info()
    case.vm.engine.refuses = True
    case.vm.shell.late("date")
    assert case.keeper.keep(info, case.questions, case.said.append).verdict == "skewed"
    assert case.warnings[0].startswith("the machine's clock stays wrong: `ssh vm` did not answer")


def test_an_engine_that_dies_is_an_error(tmp_path: Path) -> None:
    case = Case(tmp_path, Vm(-20))
    info = case.vm.engine.info()
    case.vm.engine.error = EngineHung("hangs")
    with pytest.raises(EngineHung):
        case.keeper.keep(info, case.questions, case.said.append)


def test_whoever_asks_for_it_gets_the_error(tmp_path: Path) -> None:
    case = Case(tmp_path, Vm(-20, helper={"busybox:1": 77}), rooted=False)
    place = case.keeper.located.place(None, case.keeper.commands)
    with pytest.raises(MachineError):
        case.keeper.set(place, case.vm.offset(), "auto", case.said.append)


# -- unknown


def test_a_machine_that_does_not_tell_at_once_is_measured(tmp_path: Path) -> None:
    case = Case(tmp_path, Vm(-20))
    info = replace(case.vm.engine.info(), clock=None)
    assert case.keeper.keep(info, case.questions, case.said.append).verdict == "ok"
    assert case.vm.steps == [20]


# -- products that set it themselves


def desktop(folder: Path, skew: float) -> Case:
    return Case(folder, Vm(skew), "docker-desktop", rooted=False)


def test_after_a_wake_the_product_is_given_its_time(tmp_path: Path) -> None:
    case = desktop(tmp_path, -20)
    case.vm.on_sleep = lambda: case.vm.skews(0) if len(case.vm.slept) == 3 else None
    assert case.keeps()[0] == "ok"
    assert (case.vm.steps, case.vm.slept) == ([], [0.5] * 3)
    assert case.said[0] == Began("wait for Docker Desktop to set its clock")
    assert isinstance(case.said[-1], Ended) and case.warnings == []
    assert case.keeper.rested()


def test_and_no_longer(tmp_path: Path) -> None:
    case = desktop(tmp_path, -20)
    assert case.keeps()[0] == "ok"
    assert (case.vm.steps, case.vm.slept) == ([20], [0.5] * 60)


def test_without_a_wake_nobody_waits(tmp_path: Path) -> None:
    case = desktop(tmp_path, 0)
    case.keeps()
    case.vm.skews(-20)
    case.now += 60
    assert case.keeps()[0] == "ok"
    assert (case.vm.steps, case.vm.slept) == ([20], [])


def test_a_product_that_does_not_is_not_waited_for(tmp_path: Path) -> None:
    case = Case(tmp_path, Vm(-20))
    case.keeps()
    assert case.vm.slept == []


# -- at the end of a long command


@pytest.mark.parametrize(("skew", "steps"), [(0, []), (-0.4, []), (-20, [20.0])])
def test_at_the_end_one_short_question(tmp_path: Path, skew: float, steps: list[float]) -> None:
    """Whole seconds: less than one is nothing that it could tell."""
    case = Case(tmp_path, Vm(0))
    info = case.vm.engine.info()
    before = case.keeper.keep(info, case.questions, case.said.append)
    case.vm.skews(skew)
    told = case.vm.engine.told
    after = case.keeper.keep_on(info, before, case.questions, case.said.append)
    assert after.verdict == "ok" and case.vm.steps == steps
    assert steps or (case.vm.engine.told == told + 1 and after is before)


# -- an engine that refuses because of a date


def test_it_is_set_through_the_shell(tmp_path: Path) -> None:
    case = Case(tmp_path, Vm(-3600))
    case.vm.engine.refuses = True
    case.keeper.rescue(case.questions, case.said.append, REFUSED)
    assert (case.vm.off, case.vm.steps, case.vm.engine.calls) == (0, [3600], [])
    assert "through its shell" in cast(Notice, case.said[0]).text


def test_without_a_shell_the_refusal_stands(tmp_path: Path) -> None:
    case = Case(tmp_path, Vm(-3600), rooted=False)
    case.vm.engine.refuses = True
    with pytest.raises(ClockRefused) as error:
        case.keeper.rescue(case.questions, case.said.append, REFUSED)
    assert error.value is REFUSED and case.said == []


def test_a_clock_that_stays_wrong_leaves_the_refusal(tmp_path: Path) -> None:
    case = Case(tmp_path, Vm(3600))
    case.vm.engine.refuses = True
    with pytest.raises(ClockRefused) as error:
        case.keeper.rescue(case.questions, case.said.append, REFUSED)
    assert error.value is REFUSED and case.vm.steps == [] and len(case.asked) == 1


def test_a_certificate_that_really_has_expired_is_for_the_engine_to_refuse_again(tmp_path: Path) -> None:
    case = Case(tmp_path, Vm(0))
    case.keeper.rescue(case.questions, case.said.append, REFUSED)
    assert case.vm.steps == []


# -- helpers


def test_the_workspace_s_own_images_come_first(tmp_path: Path) -> None:
    case = Case(tmp_path, Vm(-20, ["a:1", "dfdev/small:1", "www:dev", "b:1"]), rooted=False)
    keeper = replace(case.keeper, images=["gone:1", "www:dev"])
    place = keeper.located.place(None, keeper.commands)
    keeper.set(place, case.vm.offset(), "auto", case.said.append)
    assert case.vm.engine.calls == ["run once www:dev"]
    keeper = replace(keeper, images=())
    keeper.set(place, case.vm.offset(), "auto", case.said.append)
    assert case.vm.engine.calls[1] == "run once dfdev/small:1"


def test_how_it_would_be_set(tmp_path: Path) -> None:
    for rooted, provider, method, can_set in [
        (True, "colima", "root shell", True),
        (False, "docker-desktop", "helper container", True),
        (True, "native", "none", False),
        (True, "remote", "none", False),
    ]:
        case = Case(tmp_path, Vm(-20), provider, rooted=rooted)
        found = case.keeper.read(case.keeper.located.place(None, case.keeper.commands))
        assert (found.method, found.can_set) == (method, can_set)
        assert set(found.as_json()) == {
            *("provider", "offset_ms", "bound_ms", "tolerance_ms", "verdict", "can_set", "method", "breaks")
        }
