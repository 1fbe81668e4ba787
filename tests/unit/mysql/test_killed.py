"""Whatever takes the database's place is killed, or fails, at each of its calls: nothing is lost in between."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dfdev.core.events import Notice
from dfdev.errors import DfdevError, EngineAbsent, EngineError
from dfdev.mysql import snapshots
from dfdev.stack.status import status
from dfdev.stack.tell import unfinished_text
from tests.unit.mysql.case import IMAGE, Case, Publishing
from tests.unit.stack.test_nothing_lost import bring_up, edited, free, take_down, told

SNAPSHOT = "dfdev-snapshots/shop:kept"
VERBS = ("create", "stop", "start", "wait for", "remove", "rename")
STARTED = 3
"""Calls after which the new one has run."""
Command = Callable[[Case], object]


def restored(case: Case) -> object:
    return case.renew(SNAPSHOT)


def reset(case: Case) -> object:
    return case.renew(IMAGE)


def up_with_consent(case: Case) -> object:
    return bring_up(case, yes=True)


def changed(case: Case) -> None:
    """What makes `up` ask."""
    edited(case, 'user = "dev"', 'user = "other"')


COMMANDS: dict[str, tuple[Callable[[Case], None], Command, str]] = {
    "restore": (lambda case: None, restored, SNAPSHOT),
    "reset": (lambda case: None, reset, IMAGE),
    "up --yes": (changed, up_with_consent, IMAGE),
}


@pytest.fixture(params=COMMANDS)
def named(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    """A database that is up, and a snapshot."""
    made = Case(tmp_path, free(), kind=Publishing)
    bring_up(made)
    snapshots.take(made.engine, "shop", made.database, "kept", "main", made.said.append)
    made.said.clear()
    made.engine.calls.clear()
    yield made
    for container in made.engine.containers():
        made.engine.remove(container.id)


def killed_after(case: Case, calls: int, command: Command) -> bool:
    """Whether it was. What the engine was told before is done, and nobody tidies up."""
    case.engine.revive(dies_after=calls)
    try:
        command(case)
    except EngineAbsent:
        return True
    finally:
        case.engine.revive()
    return False


def kills(case: Case, named: str) -> Iterator[tuple[int, str, str]]:
    """Each number of calls after which it can be killed, the container before, and the image that was wanted."""
    prepare, command, image = COMMANDS[named]
    prepare(case)
    calls = 1
    while True:
        (before,) = case.ids()
        if not killed_after(case, calls, command):
            assert calls >= len(VERBS) - 1, "it has begun nothing"
            return
        yield calls, before, image
        back(case)
        calls += 1


def back(case: Case) -> None:
    """A database that differs from what the command wants, as before it."""
    for container in case.engine.containers():
        case.engine.remove(container.id)
    user = case.site.workspace.config.mysql and case.site.workspace.config.mysql.user
    if user == "other":
        edited(case, 'user = "other"', 'user = "dev"')
    bring_up(case)
    if user == "other":
        changed(case)


def whole(case: Case, image: str, before: str) -> None:
    """One container, by its name, that is of this image and not the one from before; nothing is left to do."""
    (container,) = case.engine.containers()
    assert (container.name, container.image, container.state) == ("shop-mysql", image, "running")
    assert container.id != before
    assert not bring_up(case).plan


def untouched(case: Case, before: str) -> None:
    (container,) = case.engine.containers()
    assert (container.id, container.name, container.state) == (before, "shop-mysql", "running")
    assert not bring_up(case).plan


def test_the_next_up_finishes_what_was_begun_wherever_it_was_killed(case: Case, named: str) -> None:
    """Without being asked again. Only where the new one has never run, the old one goes on, and that is said."""
    for calls, before, image in kills(case, named):
        case.said.clear()
        bring_up(case)
        if calls >= STARTED:
            whole(case, image, before)
        else:
            untouched(case, before)
            assert any("is as it was, type it again" in text for text in told(case))


def test_the_next_up_may_be_killed_as_well(case: Case, named: str) -> None:
    for calls, before, image in kills(case, named):
        for more in range(1, 4):
            killed_after(case, more, bring_up)
        bring_up(case)
        whole(case, image, before) if calls >= STARTED else untouched(case, before)


def test_what_was_written_meanwhile_is_not_thrown_away(case: Case, named: str) -> None:
    """Killed when the old one still ran, or was stopped only; used for a day; the machine goes down."""
    prepare, command, _ = COMMANDS[named]
    prepare(case)
    (before,) = case.ids()
    assert killed_after(case, 1, command)
    case.engine.stop(before, 0)
    bring_up(case)
    untouched(case, before)


def test_status_down_and_a_snapshot_say_it_and_the_up_after_them_finishes_it(case: Case, named: str) -> None:
    for calls, before, image in kills(case, named):
        two = len(case.engine.containers()) == 2
        case.said.clear()
        assert status(case.site).unfinished == (("mysql",) if two else ()), f"after {calls} calls"
        assert case.database.unfinished == two
        take_down(case)
        assert (unfinished_text("mysql") in told(case)) == (two and calls >= STARTED)
        bring_up(case)
        whole(case, image, before) if calls >= STARTED else untouched(case, before)


def test_another_reset_or_restore_takes_its_place(case: Case, named: str) -> None:
    for _, before, _ in kills(case, named):
        reset(case) if named == "restore" else restored(case)
        whole(case, IMAGE if named == "restore" else SNAPSHOT, before)


def test_down_with_data_leaves_nothing(case: Case, named: str) -> None:
    for _, _, _ in kills(case, named):
        take_down(case, data=True, yes=True)
        assert case.engine.containers() == []
        bring_up(case)


@pytest.mark.parametrize("verb", ["create", "stop", "start"])
def test_where_a_call_fails_the_state_before_remains(case: Case, named: str, verb: str) -> None:
    prepare, command, _ = COMMANDS[named]
    prepare(case)
    (before,) = case.engine.containers()
    case.engine.fail(f"{verb} mysql", EngineError("no space left on device"), times=1)
    with pytest.raises(DfdevError, match="no space left"):
        command(case)
    (after,) = case.engine.containers()
    assert (after.id, after.name, after.state) == (before.id, "shop-mysql", "running")
    said = [event.text for event in case.said if isinstance(event, Notice)]
    assert any("runs again as it was before" in text for text in said) == (verb != "create")


def test_a_new_one_that_never_serves_gives_the_place_back(case: Case, named: str) -> None:
    prepare, command, _ = COMMANDS[named]
    prepare(case)
    (before,) = case.ids()
    case.engine.exits["mysql"] = 1
    with pytest.raises(DfdevError, match="mysql stopped with exit code 1"):
        command(case)
    (after,) = case.engine.containers()
    assert (after.id, after.name) == (before, "shop-mysql")


def test_what_is_not_wanted_any_more_is_forgotten(case: Case) -> None:
    """`up --yes` for a changed file, killed; then the file is as before."""
    (before,) = case.ids()
    changed(case)
    assert killed_after(case, 1, up_with_consent)
    edited(case, 'user = "other"', 'user = "dev"')
    bring_up(case)
    (after,) = case.engine.containers()
    assert (after.id, after.name, after.state) == (before, "shop-mysql", "running")
    assert not bring_up(case).plan


def test_what_was_written_since_is_not_thrown_away_unasked(case: Case) -> None:
    """Killed when the new one ran already: it has been used since. Then the file changes."""
    assert killed_after(case, 3, restored)
    new = next(c for c in case.engine.containers() if c.image == SNAPSHOT)
    changed(case)
    bring_up(case)
    (after,) = case.engine.containers()
    assert (after.id, after.name) == (new.id, "shop-mysql")


def kept_again(case: Case) -> object:
    return snapshots.take(case.engine, "shop", case.database, "kept", "main", case.said.append, force=True)


def test_a_snapshot_that_is_killed_is_complete_or_absent_and_the_old_one_of_its_name_stays(case: Case) -> None:
    old, calls = snapshots.find(case.engine, "shop", "kept").image.id, 1
    while killed_after(case, calls, kept_again):
        found = snapshots.find(case.engine, "shop", "kept").image.id
        assert (found != old) == any(call.startswith("tag") for call in case.engine.calls), case.engine.calls
        assert case.database.container.state == "running"
        old, calls = found, calls + 1
        case.engine.calls.clear()
    assert calls >= 4
    kept = case.engine.labelled_images("dev.dfdev.snapshot.workspace=shop")
    assert [image.refs for image in kept] == [(SNAPSHOT,)], "none without a name is left"
