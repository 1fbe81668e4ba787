"""Baking: complete or absent, once for the same inputs, and what is said on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from dfdev.core.events import Began, Event, Failed, Notice
from dfdev.core.labels import HELPER
from dfdev.core.observed import Container
from dfdev.errors import Conflict, DfdevError, EngineError, NotFound
from dfdev.mysql.bake import Recipe, build
from dfdev.mysql.baked import baked_of
from dfdev.mysql.fixtures import fixtures_in
from dfdev.mysql.tags import Tags
from tests.fakes.engine import FakeEngine
from tests.fakes.mysql import FakeMysql

BASE = "mysql:8.4"
NOON = 1_700_000_000.0
NAMES = ("mysql-build", "shop-mysql-build")
"""The engine in memory calls a service by its label, else its container's name."""


@pytest.fixture
def server() -> FakeMysql:
    made = FakeMysql()
    made.rows = {"shop.play": 2}
    return made


@pytest.fixture
def recipe(tmp_path: Path) -> Recipe:
    (tmp_path / "01-play.sql").write_text("CREATE TABLE play (id INT);\nINSERT INTO play VALUES (1), (2);\n")
    return Recipe(
        "shop", Tags("r:5000/mysql:dev"), BASE, fixtures_in(tmp_path), "shop", "dev", "it's", migrations=("a",)
    )


Make = Callable[..., FakeEngine]


@pytest.fixture
def engine(server: FakeMysql) -> Make:
    def make(**more: object) -> FakeEngine:
        settings: dict[str, object] = {"images": {BASE: "sha256:base"}, "on_exec": server.exec, "on_pipe": server.pipe}
        found = FakeEngine(**{**settings, **more})  # type: ignore[arg-type]
        server.on_shutdown = lambda: _end(found)
        return found

    return make


def _end(engine: FakeEngine) -> None:
    for container in engine.containers():
        engine.stop(container.id, 1)


def bake(engine: FakeEngine, recipe: Recipe, *, force: bool = False) -> list[Event]:
    events: list[Event] = []
    build(engine, recipe, events.append, force=force, now=lambda: NOON)
    return events


def test_the_image_has_its_tags_and_says_what_is_in_it(engine: Make, recipe: Recipe, server: FakeMysql) -> None:
    made = engine()
    bake(made, recipe)
    digest = recipe.digest("sha256:base")
    refs = [f"r:5000/mysql:fixtures-{digest[:12]}", "r:5000/mysql:2023-11-14", "r:5000/mysql:dev"]
    assert [made.image_id(ref) for ref in refs] == [made.image_id(refs[0])] * 3
    baked = baked_of(made.image_labels("r:5000/mysql:dev"))
    assert baked is not None
    assert (baked.digest, baked.at, baked.version, baked.files) == (digest, NOON, "MySQL 9.7.0", 1)
    assert (baked.rows, baked.migrations) == ({"shop.play": 2}, ("a",))
    assert not made.containers(), "nothing is left of the making"
    account, sentinel, end = server.ran
    assert "CREATE USER 'dev'@'%' IDENTIFIED BY 'it\\'s'" in account
    assert digest in sentinel
    assert "SHUTDOWN" in end


def test_it_carries_no_mark_of_a_helper(engine: Make, recipe: Recipe) -> None:
    made = engine()
    bake(made, recipe)
    assert made.image_labels(recipe.tags.ref)["dev.dfdev.helper"] == ""


def test_the_same_inputs_are_baked_once(engine: Make, recipe: Recipe) -> None:
    made = engine()
    bake(made, recipe)
    before = made.image_id(recipe.tags.ref)
    assert not bake(made, replace(recipe, migrations=("a", "b"))), "a migration is no input"
    assert made.image_id(recipe.tags.ref) == before
    bake(made, recipe, force=True)
    assert made.image_id(recipe.tags.ref) != before


@pytest.mark.parametrize(
    "change", [{"password": "x"}, {"user": "x"}, {"database": "x"}, {"settings": b"[mysqld]\n"}, {"fixtures": []}]
)
def test_other_inputs_are_another_image(recipe: Recipe, change: dict[str, object]) -> None:
    assert replace(recipe, **change).digest("sha256:base") != recipe.digest("sha256:base")  # type: ignore[arg-type]
    assert recipe.digest("sha256:other") != recipe.digest("sha256:base")


def test_a_statement_that_fails_is_named_and_leaves_nothing(engine: Make, recipe: Recipe, server: FakeMysql) -> None:
    server.refuses[b"INSERT"] = "ERROR 1146 (42S02) at line 2: Table 'shop.play' doesn't exist"
    made = engine()
    with pytest.raises(DfdevError) as caught:
        bake(made, recipe)
    assert caught.value.message.endswith("01-play.sql, line 2: Table 'shop.play' doesn't exist (error 1146)")
    assert caught.value.details == ("the statement: INSERT INTO play VALUES (1), (2);",)
    assert "order of their names" in caught.value.hint
    assert not made.containers()
    assert made.images() == [BASE]


@pytest.mark.parametrize("fails", ["commit mysql-build", "start mysql-build", "create mysql-build"])
def test_an_engine_that_fails_leaves_no_image(engine: Make, recipe: Recipe, fails: str) -> None:
    made = engine(
        fail_on={fails.replace("mysql-build", name): EngineError("no space left on device") for name in NAMES}
    )
    with pytest.raises(EngineError):
        bake(made, recipe)
    assert made.images() == [BASE]
    assert not made.containers()


def test_what_a_killed_build_left_is_swept_and_a_stranger_is_not(engine: Make, recipe: Recipe) -> None:
    left = Container("old", "shop-mysql-build", BASE, "sha256:base", "exited", claims={HELPER: "mysql-build"})
    made = engine(containers=[left])
    bake(made, recipe)
    assert "remove shop-mysql-build" in made.calls
    stranger = replace(left, claims={})
    made = engine(containers=[stranger])
    with pytest.raises(Conflict):
        bake(made, recipe)
    assert made.containers() == [stranger]


def test_a_base_that_is_not_there_is_pulled(engine: Make, recipe: Recipe) -> None:
    made = engine(images={}, registry={BASE: "sha256:base"})
    events = bake(made, recipe)
    assert Began(f"pull image {BASE}", "the engine does not have it") in events
    with pytest.raises(NotFound):
        bake(engine(images={}), recipe)


def test_definers_without_an_account_are_told(engine: Make, recipe: Recipe, server: FakeMysql) -> None:
    server.strangers = [("app@%", 3)]
    (notice,) = [e for e in bake(engine(), recipe) if isinstance(e, Notice)]
    assert notice.warning
    assert "3 views" in notice.text and "app@%" in notice.text


def test_a_server_that_does_not_start_is_told_with_its_last_words(engine: Make, recipe: Recipe) -> None:
    made = engine(exits=dict.fromkeys(NAMES, 1), log={name: ["unknown variable 'sql_mod=x'"] for name in NAMES})
    events: list[Event] = []
    with pytest.raises(DfdevError) as caught:
        build(made, recipe, events.append)
    assert caught.value.message == f"building on {BASE}: the server ended with exit code 1"
    assert caught.value.details == ("unknown variable 'sql_mod=x'",)
    assert any(isinstance(e, Failed) and e.key == "start an empty server" for e in events)
