"""A database that was restored from a snapshot is as it should be."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dfdev.core import labels
from dfdev.core.desired import Desired, Service
from dfdev.core.observed import Container, Network, Observed
from dfdev.core.reconcile import Choices, reconcile
from dfdev.core.snapshots import adopted, is_snapshot_name, snapshot_in, snapshot_ref, with_image

MYSQL = Service("mysql", "shop/mysql:dev", kind="mysql", stateful=True)
DESIRED = Desired("shop", "/df", (MYSQL, Service("www", "www:1", depends_on=("mysql",))))
NETWORK = Network("n1", "shop_default", {labels.WORKSPACE: "shop"})
KEPT = snapshot_ref("shop", "before")


def running(image: str, image_id: str) -> Container:
    service = replace(MYSQL, image=image)
    made = labels.for_service(DESIRED, service)
    return Container("c1", "shop-mysql", image, image_id, "running", claims=made, networks={"shop_default": "n1"})


def seen(*containers: Container) -> Observed:
    return Observed(containers, (NETWORK,), {"shop/mysql:dev": "sha256:dev", "www:1": "sha256:www"})


@pytest.mark.parametrize("name", ["before", "a", "2026-11-24", "v1.2_x"])
def test_names(name: str) -> None:
    assert is_snapshot_name(name)


@pytest.mark.parametrize("name", ["", "a/b", "../x", "-a", ".a", "a b", "ä", "a:b", "x" * 101])
def test_what_cannot_be_a_name(name: str) -> None:
    assert not is_snapshot_name(name)


def test_it_stays_on_its_snapshot_even_when_the_fixtures_are_new() -> None:
    restored = running(KEPT, "sha256:kept")
    assert snapshot_in(restored, "shop") == "before"
    desired, observed = adopted(DESIRED, seen(restored))
    plan = reconcile(desired, observed, Choices(only=frozenset({"mysql"})))
    assert not plan.actions


def test_one_on_the_fixtures_is_made_anew_when_they_are_new() -> None:
    old = running("shop/mysql:dev", "sha256:old")
    desired, observed = adopted(DESIRED, seen(old))
    assert desired == DESIRED
    plan = reconcile(desired, observed, Choices(only=frozenset({"mysql"})))
    assert [loss.service for loss in plan.losses] == ["mysql"]


def test_a_snapshot_of_another_workspace_is_none_of_ours() -> None:
    assert snapshot_in(running(snapshot_ref("other", "x"), "sha256:x"), "shop") == ""


def test_a_reset_gives_no_time_to_stop_and_leaves_the_others_alone() -> None:
    www = Container(
        "c2", "shop-www", "www:1", "sha256:www", "running",
        claims=labels.for_service(DESIRED, DESIRED.service("www")), networks={"shop_default": "n1"},
    )  # fmt: skip
    choices = Choices(only=frozenset({"mysql"}), renew=frozenset({"mysql"}))
    desired = with_image(DESIRED, "mysql", "shop/mysql:dev")
    plan = reconcile(desired, seen(running(KEPT, "sha256:kept"), www), choices)
    verbs = ["create", "stop", "start", "wait for", "remove", "rename"]
    assert [a.key for a in plan.actions] == [f"{verb} mysql" for verb in verbs]
    assert plan.actions[1].service is not None and plan.actions[1].service.stop_seconds == 0
    assert not plan.losses, "who asks for it has asked the user"
