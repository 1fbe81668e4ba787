"""A mounted folder that was replaced by a link while nobody looked."""

from __future__ import annotations

from pathlib import Path

import pytest

from dfdev.core.events import Event
from dfdev.errors import DfdevError
from dfdev.stack.act import Actor
from dfdev.stack.enter import running_container
from dfdev.stack.execute import execute
from dfdev.stack.logs import files
from dfdev.stack.proof import must_hold
from dfdev.stack.ready import Readiness
from dfdev.stack.restart import plan_restart, restart
from dfdev.stack.status import status
from dfdev.workspace.problem import WorkspaceError
from tests.unit.hostile.workspace import WITH_DATA, Hostile


@pytest.fixture
def up(tmp_path: Path) -> Hostile:
    """It runs, and was harmless when it was started."""
    hostile = Hostile(tmp_path, WITH_DATA)
    hostile.up()
    hostile.engine.calls.clear()
    return hostile


def test_up_refuses_it(up: Hostile) -> None:
    up.lead_out()
    with pytest.raises(WorkspaceError) as caught:
        up.up()
    assert caught.value.problems[0].found == f'"data", which is {up.ssh}'
    assert up.engine.calls == [] and up.untouched


@pytest.mark.parametrize("only", [(), ("b",)])
def test_restart_refuses_it(up: Hostile, only: tuple[str, ...]) -> None:
    up.lead_out()
    with pytest.raises(WorkspaceError) as caught:
        plan_restart(up.site(), frozenset(only))
    assert str(up.ssh) in str(caught.value.problems[0]) and up.engine.calls == []


def test_restart_looks_at_what_the_container_was_made_with(up: Hostile) -> None:
    """The file does not name that folder any more; the container has it."""
    up.write(WITH_DATA.replace('mounts = ["data:/data"]\n', ""))
    up.lead_out()
    with pytest.raises(WorkspaceError) as caught:
        plan_restart(up.site(), frozenset())
    assert caught.value.problems[0].key == "services.b /data"
    assert caught.value.problems[0].found == f'"{up.home / "data"}", which is {up.ssh}'


def test_a_link_that_comes_while_a_plan_is_carried_out(up: Hostile) -> None:
    """Looked at when the container is started, too."""
    site = up.site()
    plan = plan_restart(site, frozenset())
    up.lead_out()
    with pytest.raises(WorkspaceError):
        restart(site, plan, lambda event: None)
    assert "start b" not in up.engine.calls


def test_a_link_that_comes_before_a_container_is_made(tmp_path: Path) -> None:
    hostile = Hostile(tmp_path, WITH_DATA)
    site = hostile.site(files=True)
    desired, observed = site.look()
    hostile.lead_out()
    from dfdev.core.reconcile import Choices, reconcile

    def ignored(event: Event) -> None: ...

    actor = Actor(hostile.engine, desired, Readiness(hostile.engine, "127.0.0.1"), ignored, {}, site.gate)
    with pytest.raises(WorkspaceError):
        execute(reconcile(desired, observed, Choices()), actor, ignored)
    assert not [call for call in hostile.engine.calls if call.startswith(("create b", "start b"))]


def test_status_says_that_it_is_outside_and_touches_nothing(up: Hostile) -> None:
    up.lead_out()
    found = status(up.site())
    assert [m.proven for m in found.rows[0].mounts] == [False]
    with pytest.raises(DfdevError) as caught:
        must_hold(found.proofs, str(up.home), started_before=True)
    assert caught.value.message == f"b: /data is {up.ssh}, which is outside DFHOME and which nobody allowed"
    assert "dfdev down" in caught.value.hint
    assert up.untouched


def test_nobody_is_let_into_a_container_that_may_have_it(up: Hostile) -> None:
    assert running_container(up.site(), "b")
    up.lead_out()
    with pytest.raises(WorkspaceError):
        running_container(up.site(), "b")


def test_what_restarts_by_itself_is_said_to(tmp_path: Path) -> None:
    hostile = Hostile(tmp_path, f'{WITH_DATA}restart = "always"\n')
    hostile.lead_out()
    with pytest.raises(WorkspaceError) as caught:
        hostile.up()
    assert "the engine restarts this service by itself" in caught.value.problems[0].hint
    assert "`dfdev down` ends it" in caught.value.problems[0].hint


def test_down_ends_it(up: Hostile) -> None:
    from dfdev.stack.down import down

    up.lead_out()
    down(up.site(), False, lambda losses: True, lambda event: None)
    assert up.engine.containers() == []


def test_the_files_of_a_log_folder_that_leads_outside_are_not_listed(tmp_path: Path) -> None:
    hostile = Hostile(tmp_path, WITH_DATA.replace('mounts = ["data:/data"]', 'logs = "data"'))
    (hostile.home / "data" / "app.log").touch()
    assert [f.path.name for f in files(hostile.site().look()[0], [], hostile.site().gate)] == ["app.log"]
    hostile.lead_out()
    assert files(hostile.site().look()[0], [], hostile.site().gate) == []
