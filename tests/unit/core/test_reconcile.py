from dataclasses import replace
from typing import Literal, get_args

import pytest

from dfdev.core import labels
from dfdev.core.desired import Desired, Health, Port, Service
from dfdev.core.observed import Container, Observed, State
from dfdev.core.plan import Loss
from dfdev.core.reconcile import Choices, reconcile
from dfdev.core.teardown import teardown
from tests.unit.core.world import MYSQL, WWW, container, desired, network, nothing, observed

WANT = desired(MYSQL, WWW)
STATES = get_args(State)


def all_up(want: Desired = WANT) -> Observed:
    return observed(want, *(container(want, s.name) for s in want.services))


def test_from_nothing_everything_is_made_in_order() -> None:
    assert str(reconcile(WANT, nothing(WANT))) == "\n".join(
        [
            "create network dramas_default (there is none)",
            "create mysql (it does not exist) [after create network dramas_default]",
            "start mysql (it was just created) [after create mysql]",
            "wait for mysql (it was just started) [after start mysql]",
            "create www (it does not exist) [after create network dramas_default]",
            "start www (it was just created) [after create www, wait for mysql]",
            "wait for www (it was just started) [after start www]",
        ]
    )


def test_everything_running_gives_an_empty_plan() -> None:
    assert not reconcile(WANT, all_up())


def test_a_missing_image_is_pulled_once_for_two_services() -> None:
    want = desired(Service("a", "img:1"), Service("b", "img:1"))
    plan = str(reconcile(want, observed(want, images=False)))
    assert plan.count("pull image img:1 (the engine does not have it)") == 1
    assert "create b (it does not exist) [after pull image img:1]" in plan


def test_nothing_is_touched_before_every_image_is_here() -> None:
    want = desired(replace(WWW, env=(("A", "1"),)), MYSQL, Service("new", "new:1"))
    seen = observed(desired(WWW, MYSQL), container(WANT, "www"), container(WANT, "mysql"))
    plan = str(reconcile(want, replace(seen, images={**seen.images, "new:1": None})))
    assert "stop www (its configuration changed) [after pull image new:1]" in plan


def test_a_running_container_survives_the_loss_of_its_images_tag() -> None:
    assert not reconcile(WANT, replace(all_up(), images=dict.fromkeys(all_up().images)))


def test_a_tag_that_is_fetched_for_one_service_is_fetched_for_all() -> None:
    a, b = Service("a", "img:1"), Service("b", "img:1")
    seen = observed(desired(a, b), container(desired(a, b), "a"), images=False)
    assert "remove a (img:1 is fetched anew) [after stop a, pull image img:1]" in str(reconcile(desired(a, b), seen))


@pytest.mark.parametrize("state", ["running", "exited"])
@pytest.mark.parametrize("renew", [frozenset(), frozenset({"mysql"})])
def test_a_database_is_not_removed_before_its_image_is_here(state: str, renew: frozenset[str]) -> None:
    want = desired(replace(MYSQL, image="mysql:new"))
    seen = observed(want, container(desired(MYSQL), "mysql", state=state), images=False)
    (removal,) = [a for a in reconcile(want, seen, Choices(renew=renew)).actions if a.verb == "remove"]
    assert "pull image mysql:new" in removal.after


def test_a_changed_spec_recreates_just_that_container() -> None:
    changed = desired(MYSQL, replace(WWW, env=(("DEBUG", "1"),)))
    assert str(reconcile(changed, all_up())) == "\n".join(
        [
            "stop www (its configuration changed)",
            "remove www (its configuration changed) [after stop www]",
            "create www (its configuration changed) [after remove www]",
            "start www (it was just created) [after create www]",
            "wait for www (it was just started) [after start www]",
        ]
    )


def test_a_new_image_id_recreates_just_that_container() -> None:
    seen = all_up()
    plan = reconcile(WANT, replace(seen, images={**seen.images, "www:dev": "sha-newer"}))
    assert {a.subject for a in plan.actions} == {"www"}
    assert plan.actions[0].reason == "www:dev is a new image"


def test_what_holds_data_is_named_before_it_goes_and_can_be_kept() -> None:
    seen = all_up()
    newer = replace(seen, images={**seen.images, "mysql:dev": "sha-newer"})
    assert reconcile(WANT, newer).losses == (Loss("mysql", "dramas-mysql", "mysql:dev is a new image"),)
    kept = reconcile(WANT, newer, Choices(keep=frozenset({"mysql"})))
    assert not kept and not kept.losses
    assert kept.kept == (Loss("mysql", "dramas-mysql", "mysql:dev is a new image"),)


def test_a_container_that_never_started_holds_no_data() -> None:
    half = observed(WANT, container(WANT, "mysql", state="created"), container(WANT, "www"))
    plan = reconcile(WANT, half)
    assert not plan.losses
    assert str(plan).startswith("remove mysql (it was made and never started)")


@pytest.mark.parametrize(
    ("state", "first"),
    [
        ("exited", "start www (it is exited)"),
        ("paused", "unpause www (it is paused)"),
        ("restarting", "wait for www (it is restarting)"),
        ("dead", "remove www (its container is dead)"),
        ("created", "remove www (it was made and never started)"),
    ],
)
def test_every_state_has_its_way_back(state: str, first: str) -> None:
    plan = reconcile(WANT, observed(WANT, container(WANT, "mysql"), container(WANT, "www", state=state)))
    assert str(plan.actions[0]) == first


def test_a_fresh_answer_of_our_own_counts_more_than_dockers_lagging_word() -> None:
    want = desired(replace(WWW, depends_on=(), health=Health("command", command=("true",))))
    assert not reconcile(want, observed(want, container(want, "www", health="starting")))


@pytest.mark.parametrize("health", ["starting", "unhealthy"])
def test_a_running_container_that_is_not_healthy_is_waited_for(health: str) -> None:
    seen = observed(WANT, container(WANT, "mysql", health=health), container(WANT, "www"))
    assert str(reconcile(WANT, seen)) == f"wait for mysql (it is {health})"


def test_what_depends_on_a_service_that_is_waited_for_waits_too() -> None:
    seen = observed(WANT, container(WANT, "mysql", health="starting"), container(WANT, "www", state="exited"))
    assert "start www (it is exited) [after wait for mysql]" in str(reconcile(WANT, seen))


def test_only_the_named_services_and_their_needs() -> None:
    want = desired(MYSQL, WWW, Service("worker", "worker:dev"))
    plan = reconcile(want, nothing(want), Choices(only=frozenset({"www"})))
    assert {a.subject for a in plan.actions} == {"dramas_default", "mysql", "www"}


def orphan(name: str = "old", **labelled: str) -> Container:
    want = desired(Service(name, "old:1"))
    made = container(want, name)
    return replace(made, claims={**made.claims, **labelled})


def test_an_orphan_is_reported_and_left_alone() -> None:
    plan = reconcile(WANT, replace(all_up(), containers=(*all_up().containers, orphan())))
    assert not plan
    assert [o.service for o in plan.orphans] == ["old"]


def test_an_orphan_goes_when_asked() -> None:
    seen = replace(all_up(), containers=(*all_up().containers, orphan()))
    plan = reconcile(WANT, seen, Choices(remove_orphans=True))
    assert str(plan) == "\n".join(
        [
            "stop dramas-old (its service left the file)",
            "remove dramas-old (its service left the file) [after stop dramas-old]",
        ]
    )


def test_an_orphan_that_holds_data_counts_as_a_loss() -> None:
    seen = replace(all_up(), containers=(*all_up().containers, orphan(**{labels.STATEFUL: "true"})))
    assert [x.service for x in reconcile(WANT, seen, Choices(remove_orphans=True)).losses] == ["old"]


def test_containers_of_others_are_never_in_a_plan() -> None:
    foreign = Container("x", "dramas-www-2", "www:dev", "sha", "exited")
    other = container(replace(WANT, workspace="other"), "www")
    plan = reconcile(WANT, replace(all_up(), containers=(*all_up().containers, foreign, other)))
    assert not plan and not plan.orphans


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("service", ["mysql", "www"])
def test_what_has_our_labels_and_another_name_is_named_and_left_alone(service: str, state: State) -> None:
    """`docker commit` hands the labels on, and every container of that image inherits them."""
    twin = container(WANT, service, id="zz", name="backup", state=state)
    seen = replace(all_up(), containers=(twin, *all_up().containers))
    for plan in (reconcile(WANT, seen, Choices(remove_orphans=True)), teardown(WANT, seen, with_data=True)):
        assert plan.look_alikes == ("backup",)
        assert "zz" not in {a.target for a in plan.actions}
        assert "backup" not in {loss.container for loss in plan.losses}
    assert not reconcile(WANT, seen)


def test_the_name_alone_does_not_make_it_ours_either() -> None:
    other = Container("x", "dramas-mysql", "mysql:dev", "sha", "running", claims={labels.WORKSPACE: "dramas"})
    plan = reconcile(WANT, observed(WANT, other))
    assert "x" not in {a.target for a in plan.actions}
    assert plan.look_alikes == ("dramas-mysql",)


@pytest.mark.parametrize("state", ["dead", "removing"])
def test_a_database_that_will_not_run_again_goes_only_by_consent(state: Literal["dead", "removing"]) -> None:
    seen = observed(WANT, container(WANT, "mysql", state=state), container(WANT, "www"))
    loss = Loss("mysql", "dramas-mysql", f"its container is {state}", state)
    asked = reconcile(WANT, seen)
    assert asked.losses == (loss,)
    kept = reconcile(WANT, seen, Choices(keep=frozenset({"mysql"})))
    assert (str(kept), kept.kept, kept.losses) == ("", (loss,), ())


def test_a_container_outside_the_network_is_connected_again() -> None:
    seen = replace(
        observed(WANT, container(WANT, "mysql"), container(WANT, "www", networks={})), networks=(network(WANT),)
    )
    assert str(reconcile(WANT, seen)) == "connect www (it is not in dramas_default)"


def test_a_network_that_was_removed_is_made_and_joined_before_the_start() -> None:
    seen = replace(observed(WANT, container(WANT, "mysql", state="exited"), container(WANT, "www")), networks=())
    plan = str(reconcile(WANT, seen))
    assert "connect mysql (it is not in dramas_default) [after create network dramas_default]" in plan
    assert "start mysql (it is exited) [after connect mysql]" in plan


def test_ports_that_change_hands_are_freed_first() -> None:
    a, b = Service("a", "i", ports=(Port(1, 80),)), Service("b", "i", ports=(Port(2, 80),))
    before, after = desired(a, b), desired(replace(a, ports=b.ports), replace(b, ports=a.ports))
    plan = str(reconcile(after, all_up(before)))
    assert "start a (it was just created) [after create a, stop b]" in plan
    assert "start b (it was just created) [after create b, stop a]" in plan
