"""Which images are built, from values alone."""

from __future__ import annotations

import pytest

from dfdev.errors import UsageError
from dfdev.images.catalog import BOOKWORM, CATALOG, SID
from dfdev.images.decide import Have, choose, decide
from dfdev.images.inputs import with_base

DIGESTS = {
    "debian": "base files",
    "registry": "r",
    "mysql": "m",
    "python": "p",
    "mariadb": "a",
    "small": "s",
    "node": "n",
}
IMAGES = {image.name: image for image in CATALOG}


def everything() -> dict[str, Have]:
    """An engine that has all images, made from today's files."""
    have = {base.ref: Have(f"id of {base.ref}", "base files") for base in (BOOKWORM, SID)}
    for image in CATALOG:
        inputs = with_base(DIGESTS[image.name], have[image.base.ref].id, image.args)
        have[image.ref] = Have(f"id of {image.ref}", inputs)
    return have


def plan(have: dict[str, Have], *names: str) -> list[str]:
    return [str(step) for step in decide(choose(names), DIGESTS, have)]


def test_an_empty_engine_gets_the_bases_first_and_nothing_that_is_on_request() -> None:
    assert plan({}) == [
        "build image dfdev/debian:bookworm (missing)",
        "build image dfdev/debian:sid (missing)",
        "build image dfdev/registry:2 (missing)",
        "build image dfdev/mysql:9 (missing)",
        "build image dfdev/python:3 (missing)",
    ]


def test_one_name_needs_its_own_base_only() -> None:
    assert plan({}, "small") == [
        "build image dfdev/debian:bookworm (missing)",
        "build image dfdev/small:1 (missing)",
    ]


def test_the_other_flavour_of_the_database_is_made_on_request() -> None:
    assert plan({}, "mariadb") == [
        "build image dfdev/debian:bookworm (missing)",
        "build image dfdev/mariadb:10 (missing)",
    ]


def test_another_version_is_another_image_made_with_that_version() -> None:
    (image,) = choose(["node:0.10"])
    assert (image.ref, image.args) == ("dfdev/node:0.10", {"NODE": "0.10"})
    have = everything()
    assert plan(have, "node", "node:24", "node:22") == ["build image dfdev/node:22 (missing)"]
    have["dfdev/node:22"] = have["dfdev/node:24"]
    assert plan(have, "node:22") == ["build image dfdev/node:22 (made from older files)"]


@pytest.mark.parametrize("name", ["node:lts", "node:", "node:24-alpine", "mysql:8"])
def test_a_version_that_there_cannot_be_is_a_usage_error(name: str) -> None:
    with pytest.raises(UsageError) as error:
        choose([name])
    assert name in error.value.message


def test_with_everything_there_nothing_is_built() -> None:
    assert plan(everything(), *DIGESTS.keys() - {"debian"}) == []


def test_a_changed_folder_builds_that_image_again() -> None:
    have = everything()
    have["dfdev/python:3"] = Have("id", with_base("older files", have[BOOKWORM.ref].id))
    assert plan(have) == ["build image dfdev/python:3 (made from older files)"]


def test_an_image_of_the_same_name_that_is_not_ours_is_replaced() -> None:
    have = everything()
    have["dfdev/python:3"] = Have("id", "")
    assert plan(have) == ["build image dfdev/python:3 (made from older files)"]


def test_a_changed_base_builds_what_stands_on_it_and_not_the_other_suite() -> None:
    have = everything()
    have[SID.ref] = Have("id", "older files")
    assert plan(have) == [
        "build image dfdev/debian:sid (made from older files)",
        "build image dfdev/mysql:9 (its base is new)",
    ]


def test_an_image_on_a_base_that_was_replaced_behind_our_back_is_built_again() -> None:
    have = everything()
    have[BOOKWORM.ref] = Have("another id", "base files")
    assert plan(have, "registry") == ["build image dfdev/registry:2 (made from older files)"]


def test_an_unknown_name_says_which_there_are() -> None:
    with pytest.raises(UsageError) as error:
        choose(["mysqll"])
    assert "mysqll" in error.value.message
    assert "mysql" in error.value.hint
