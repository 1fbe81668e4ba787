"""`dfdev clock watch`, through hours that pass in milliseconds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from dfdev.clock.signs import Clocks, moved
from dfdev.core.clock import MILLISECOND, SECOND, Exchange, Offset
from dfdev.errors import ClockRefused, EngineDenied, MachineError
from dfdev.machines.place import Place
from tests.fakes.shell import FakeShell
from tests.unit.clock.hours import ABSENT, HUNG, START, Engine, Rooted, World


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_where_nothing_happens_only_the_cheap_question_is_asked(world: World) -> None:
    world.run(600)
    assert not world.done
    assert 500 < world.engine.questions < 700
    assert world.engine.careful <= 5, "measured once, at the beginning"
    ((moment, text, _),) = world.said
    assert (moment, text.split(": ")[0]) == (0.0, "the machine's clock is right")


def test_a_clock_that_is_off_at_the_beginning_is_set_at_once(world: World) -> None:
    world.skew(-90)()
    world.run(3)
    assert [round(moment) for moment, _ in world.done] == [0]


@pytest.mark.parametrize("seconds", [2.0, 30.0, 8 * 3600.0])
def test_after_a_sleep_of_the_host_it_is_set_within_two_seconds(world: World, seconds: float) -> None:
    world.at(100.2, lambda: world.host_sleeps(seconds)).run(110)
    ((moment, done),) = world.done
    assert moment - 100.2 < 2
    assert abs(done.before.middle + seconds * SECOND) < 5 * MILLISECOND
    assert abs(world.engine.skew) < 5 * MILLISECOND


@pytest.mark.parametrize("seconds", [0.8, 1.5, 3.0, 600.0])
@pytest.mark.parametrize("begins", [50.0, 50.3, 50.6, 50.9])
def test_a_machine_that_alone_stood_still_is_set_within_two_seconds(
    world: World, seconds: float, begins: float
) -> None:
    def goes_on() -> None:
        world.down(None)()
        world.skew(-seconds)()

    world.at(begins, world.down(HUNG)).at(begins + seconds, goes_on).run(begins + seconds + 5)
    ((moment, _),) = world.done
    assert moment - begins - seconds < 2
    assert abs(world.engine.skew) < 5 * MILLISECOND


@pytest.mark.parametrize("offset", [-0.8, -1.2, 0.9])
def test_less_than_a_second_shows_within_seconds(world: World, offset: float) -> None:
    world.at(30, world.skew(offset)).run(45)
    ((moment, _),) = world.done
    assert moment < 40


def test_within_the_tolerance_it_is_left_alone(world: World) -> None:
    world.at(30, world.skew(-0.3)).run(120)
    assert not world.done
    assert world.engine.careful <= 10


def test_an_engine_that_needs_a_moment_after_a_wake_is_waited_for(world: World) -> None:
    def sleeps() -> None:
        world.host_sleeps(3600)
        world.down(ABSENT)()

    world.at(10, sleeps).at(25.5, world.down(None)).run(30)
    ((moment, _),) = world.done
    assert moment - 25.5 < 2
    assert world.warnings == ["no Docker engine: waiting for it"]
    assert "the engine answers again" in [text for _, text, _ in world.said]


def test_an_engine_that_is_stopped_is_asked_seldom_and_told_once(world: World) -> None:
    world.at(10, world.down(ABSENT)).at(610, world.down(None)).run(620)
    assert world.engine.questions < 150, "every five seconds instead of every one"
    assert world.warnings == ["no Docker engine: waiting for it"]
    (back,) = [moment for moment, text, _ in world.said if text == "the engine answers again"]
    assert back - 610 < 6


def moves(world: World, host: str, offset: float) -> Callable[[], None]:
    def happens() -> None:
        world.host = host
        world.down(None)()
        world.skew(offset)()

    return happens


def test_a_machine_without_an_address_is_looked_for_until_it_has_one(world: World) -> None:
    world.host = ""
    world.at(30.5, moves(world, "tcp://192.168.59.103:2376", -30)).run(40)
    assert world.said[0][1:] == ("docker-desktop is paused, it has no address: waiting for it", True)
    assert not [text for _, text, _ in world.said if "nowhere" in text]
    ((moment, _),) = world.done
    assert moment - 30.5 < 4 and abs(world.engine.skew) < 5 * MILLISECOND
    assert len(world.looks) < 20


def test_an_address_that_no_longer_answers_is_looked_for_anew(world: World) -> None:
    """The engine at the old one is silent for good; another one answers at the new."""

    def wakes() -> None:
        world.host, world.engine = "tcp://192.168.59.104:2376", Engine(world)
        world.skew(-30)()

    world.at(20, world.down(HUNG)).at(50, wakes).run(60)
    assert "its engine is at tcp://192.168.59.104:2376 (a test)" in [text for _, text, _ in world.said]
    ((moment, _),) = world.done
    assert moment - 50 < 4


def test_a_machine_that_is_gone_for_long_is_looked_for_seldom(world: World) -> None:
    world.host = ""
    world.run(3600)
    assert 200 < len(world.looks) < 400
    assert len(world.said) == 1


def test_an_address_that_is_gone_is_kept_until_there_is_another(world: World) -> None:
    """While it is paused its tool tells none; when it goes on it has the old one."""
    world.at(20, world.down(HUNG)).at(20.5, lambda: setattr(world, "host", ""))
    world.at(40, moves(world, "unix:///vm.sock", -20)).run(45)
    assert len(world.done) == 1 and world.looks


def test_one_slow_answer_is_no_news(world: World) -> None:
    world.at(10, world.down(HUNG)).at(11.2, world.down(None)).run(20)
    assert not world.warnings


def test_an_engine_that_is_there_from_the_first_may_be_waited_for_but_not_one_that_is_forbidden(world: World) -> None:
    world.down(ABSENT)()
    world.at(30, world.down(None)).run(40)
    assert world.engine.careful
    world.down(EngineDenied("no permission for the engine", "usermod"))()
    with pytest.raises(EngineDenied):
        world.watch().run()


def test_where_there_is_nothing_to_watch_it_says_so(world: World) -> None:
    def native() -> Place:
        raise MachineError("the engine runs on this host", "timedatectl")

    world.place = native
    with pytest.raises(MachineError, match="on this host"):
        world.watch().run()


def test_a_large_step_back_is_told_once_and_not_done(world: World) -> None:
    world.at(30, world.skew(20)).at(90, world.skew(0)).run(120)
    assert not world.done
    (warning,) = world.warnings
    assert warning.startswith("the machine's clock is 20.0 s ahead: setting it lets time run backwards there")
    assert "`dfdev clock sync`" in warning
    assert world.said[-1][1].startswith("the machine's clock is right")


def test_it_tells_again_when_a_clock_that_is_left_alone_gets_worse(world: World) -> None:
    world.at(30, world.skew(20)).at(60, world.skew(40)).run(120)
    assert len(world.warnings) == 2


@pytest.mark.parametrize("rooted", [True, False])
def test_another_daemon_is_named_and_left_alone(world: World, rooted: bool) -> None:
    if rooted:
        shell = FakeShell().on("true").on("date", "", 1).on("comm", "sh\nchronyd\n")
        world.place = lambda: Rooted(world, shell)
    for moment in range(20, 400, 3):
        world.at(moment, world.skew(-20))
    world.run(400)
    assert len(world.done) == 1
    (warning,) = world.warnings
    assert f"{'chronyd' if rooted else 'Docker Desktop'} sets it back" in warning


@pytest.mark.parametrize("seconds", [2.0, 15.0, 300.0])
def test_a_machine_that_stands_still_for_the_same_time_again_and_again_is_set_each_time(
    world: World, seconds: float
) -> None:
    def goes_on() -> None:
        world.down(None)()
        world.skew(-seconds)()

    wakes = [20 + turn * (seconds + 20) + seconds for turn in range(4)]
    for wake in wakes:
        world.at(wake - seconds, world.down(HUNG)).at(wake, goes_on)
    world.run(wakes[-1] + 10)
    assert all(moment - wake < 2 for (moment, _), wake in zip(world.done, wakes, strict=True)), world.done
    assert not [text for text in world.warnings if "set" in text]


def test_a_daemon_that_sets_back_less_than_a_second_is_no_loop(world: World) -> None:
    for moment in range(20, 400, 5):
        world.at(moment, world.skew(-0.8))
    world.run(400)
    assert len(world.done) == 1


def test_after_the_next_sleep_the_fight_is_forgotten(world: World) -> None:
    world.at(20, world.skew(-20)).at(22, world.skew(-20)).at(60, lambda: world.host_sleeps(100)).run(70)
    assert [int(moment) // 10 * 10 for moment, _ in world.done] == [20, 60]


def test_a_clock_that_cannot_be_set_is_tried_ever_more_slowly_and_told_once(world: World) -> None:
    world.refuses = True
    world.skew(-20)()
    world.at(300, lambda: setattr(world, "refuses", False)).run(380)
    (warning,) = world.warnings
    assert "not permitted to set the clock" in warning
    assert world.engine.calls.count("run once dfdev/small:1") < 15
    assert len(world.done) == 1


def test_a_refusal_of_tls_that_the_clock_does_not_explain_is_no_loop(world: World) -> None:
    shell = FakeShell(now=world.now).on("true").does("date", lambda _script: (0, world.date()))
    world.place = lambda: Rooted(world, shell)
    world.down(ClockRefused("the certificate is no longer valid", "make a new one"))()
    world.run(120)
    (warning,) = world.warnings
    assert "no longer valid" in warning
    assert shell.opened < 12


def test_never_means_never(tmp_path: Path) -> None:
    world = World(tmp_path, mode="never")
    world.at(10, world.skew(-20)).run(60)
    assert not world.done
    (warning,) = world.warnings
    assert "[clock] correct is never" in warning


def test_a_jump_of_the_hosts_clocks() -> None:
    before = Clocks(START, 100.0, 7.0)
    assert not Clocks(START + 60, 160.0, 7.0).jumped(before), "a busy host"
    assert Clocks(START + 60, 101.0, 7.0).jumped(before), "it slept, or its clock was set"
    assert Clocks(START - 3600, 101.0, 7.0).jumped(before)
    assert Clocks(START + 60, 160.0, 9.0).jumped(before), "it slept, and its monotonic clock ran on"


def test_glances_contradict_what_was_measured() -> None:
    whole = Exchange(0, MILLISECOND, MILLISECOND, 0, SECOND)
    late = Exchange(0, MILLISECOND, MILLISECOND, -3 * SECOND, SECOND)
    right = Offset(0, MILLISECOND)
    assert not moved([], right)
    assert not moved([whole], None)
    assert not moved([whole], right)
    assert moved([late], right)
    assert moved([whole, late], None), "they contradict each other"
