from dataclasses import replace

from dfdev.core.desired import Service
from dfdev.core.restarting import restarting
from dfdev.core.teardown import teardown
from tests.unit.core.world import MYSQL, WWW, container, desired, observed

WANT = desired(MYSQL, WWW)
UP = observed(WANT, container(WANT, "mysql"), container(WANT, "www"))


def test_down_stops_users_first_and_keeps_the_database() -> None:
    plan = teardown(WANT, UP)
    assert str(plan) == "\n".join(
        [
            "stop mysql (the workspace goes down) [after stop www]",
            "stop www (the workspace goes down)",
            "remove www (the workspace goes down) [after stop www]",
        ]
    )
    assert [k.service for k in plan.kept] == ["mysql"]
    assert not plan.losses


def test_down_with_data_names_the_loss_and_removes_the_network_last() -> None:
    plan = teardown(WANT, UP, with_data=True)
    assert [loss.container for loss in plan.losses] == ["dramas-mysql"]
    assert str(plan.actions[-1]) == "remove network dramas_default (nothing is left in it)"
    assert plan.actions[-1].after == ("remove mysql", "remove www")


def test_down_removes_orphans() -> None:
    old = container(desired(Service("old", "old:1")), "old", state="exited")
    plan = teardown(desired(WWW), observed(WANT, container(WANT, "www"), old))
    assert "remove old (its service left the file)" in str(plan)


def test_down_leaves_other_workspaces_alone() -> None:
    other = replace(WANT, workspace="other")
    assert not teardown(WANT, replace(observed(other, container(other, "www")), networks=()))


def test_a_container_of_others_keeps_the_network() -> None:
    guest = replace(container(WANT, "www"), id="other", name="backup", claims={})
    plan = teardown(WANT, observed(WANT, container(WANT, "www"), guest), with_data=True)
    assert [(g.container, g.network) for g in plan.guests] == [("backup", "dramas_default")]
    assert str(plan).splitlines()[-1].startswith("remove www ")


def test_one_that_is_stopped_or_elsewhere_does_not() -> None:
    stopped = replace(container(WANT, "www"), id="other", name="backup", claims={}, state="exited")
    elsewhere = replace(stopped, id="third", state="running", networks={"dramas_default": "another id"})
    plan = teardown(desired(WWW), observed(WANT, container(WANT, "www"), stopped, elsewhere))
    assert not plan.guests and "remove network dramas_default" in str(plan)


def test_restart_stops_users_first_and_starts_them_last() -> None:
    assert str(restarting(WANT, UP, frozenset())) == "\n".join(
        [
            "stop mysql (restart) [after stop www]",
            "stop www (restart)",
            "start mysql (restart) [after stop mysql]",
            "wait for mysql (restart) [after start mysql]",
            "start www (restart) [after stop www, wait for mysql]",
            "wait for www (restart) [after start www]",
        ]
    )


def test_restart_of_one_leaves_the_others_running() -> None:
    plan = restarting(WANT, UP, frozenset({"mysql"}))
    assert {a.subject for a in plan.actions} == {"mysql"}
