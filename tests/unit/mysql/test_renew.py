"""A new container for the database: of the fixtures or of a snapshot, and what happens when the engine fails."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from dfdev.core.observed import State
from dfdev.core.reconcile import Choices, reconcile
from dfdev.errors import Conflict, DfdevError, EngineError, UsageError
from dfdev.mysql import snapshots
from tests.unit.mysql.case import BAKED, IMAGE, Case, greeted


@pytest.fixture
def port() -> Iterator[int]:
    with greeted() as found:
        yield found


@pytest.fixture
def case(tmp_path: Path, port: int) -> Case:
    made = Case(tmp_path, port)
    made.up()
    return made


def keep(case: Case, name: str, **more: bool) -> snapshots.Snapshot:
    return snapshots.take(case.engine, "shop", case.database, name, "main", case.said.append, **more)


def next_plan(case: Case) -> list[str]:
    desired, observed = case.site.look()
    return [str(a) for a in reconcile(desired, observed, Choices()).actions]


def test_a_reset_makes_another_container_and_does_not_wait_for_the_old_one_to_end(case: Case) -> None:
    (before,) = case.ids()
    done = case.renew()
    (after,) = case.ids()
    assert after != before
    assert [a.verb for a in done.plan.actions] == ["create", "stop", "start", "wait for", "remove", "rename"]
    assert [c.name for c in case.engine.containers()] == ["shop-mysql"]
    assert done.reclaimed > 0
    assert next_plan(case) == []


def test_a_restored_database_is_as_it_should_be_until_it_is_reset(case: Case) -> None:
    kept = keep(case, "before")
    case.renew(kept.ref)
    assert (case.database.snapshot, case.database.container.image) == ("before", kept.ref)
    assert next_plan(case) == []
    case.renew(IMAGE)
    assert case.database.snapshot == ""


def test_a_database_without_a_container_gets_one(tmp_path: Path) -> None:
    with greeted() as port:
        made = Case(tmp_path, port)
        made.up()
        made.engine.remove(made.ids()[0])
        with pytest.raises(DfdevError, match=f"mysql wants port {port}"):
            made.renew()
    assert made.ids() == [], "somebody else has its port: nothing was made"


@pytest.mark.parametrize("verb", ["create", "start"])
def test_where_the_engine_fails_the_database_is_what_it_was(case: Case, verb: str) -> None:
    before = case.ids()
    case.engine.fail(f"{verb} mysql", EngineError("no space left on device"), 1)
    with pytest.raises(DfdevError, match="no space left"):
        case.renew()
    assert (case.ids(), case.database.container.state, next_plan(case)) == (before, "running", [])


def test_a_snapshot_tells_where_it_comes_from(case: Case) -> None:
    made = keep(case, "before")
    assert (made.name, made.branch, made.version) == ("before", "main", "MySQL 9.7")
    assert made.ref == "dfdev-snapshots/shop:before"
    assert [s.name for s in snapshots.snapshots(case.engine, "shop")] == ["before"]
    assert snapshots.snapshots(case.engine, "other") == []


def test_its_image_is_no_container_of_ours_and_knows_what_was_baked(case: Case) -> None:
    made = keep(case, "before")
    labels = case.engine.image_labels(made.ref)
    assert labels["dev.dfdev.workspace"] == ""
    assert labels["com.docker.compose.project"] == ""
    case.renew(made.ref)
    assert case.database.baked is not None
    assert case.database.baked.rows == {"shop.play": 2, "shop.night": 5}


def test_a_name_is_taken_once(case: Case) -> None:
    keep(case, "before")
    with pytest.raises(DfdevError, match="there is a snapshot before already"):
        keep(case, "before")
    keep(case, "before", force=True)
    with pytest.raises(UsageError):
        keep(case, "a/b")


def test_one_that_could_not_be_made_is_not_there(case: Case) -> None:
    case.engine.fail("commit mysql", EngineError("no space left on device"))
    with pytest.raises(EngineError):
        keep(case, "before")
    with pytest.raises(DfdevError) as caught:
        snapshots.find(case.engine, "shop", "before")
    assert "there are: none" in caught.value.hint


def test_one_in_use_is_not_removed(case: Case) -> None:
    kept = keep(case, "before")
    case.renew(kept.ref)
    with pytest.raises(DfdevError, match="runs on snapshot before") as caught:
        snapshots.remove(case.engine, kept)
    assert isinstance(caught.value.__cause__, Conflict)
    case.renew(IMAGE)
    snapshots.remove(case.engine, kept)
    assert snapshots.snapshots(case.engine, "shop") == []


@pytest.mark.parametrize(
    ("version", "fits"), [("MySQL 9.7", True), ("", True), ("MySQL 8.4", False), ("MariaDB 10.11", False)]
)
def test_another_version_does_not_restore_it(case: Case, version: str, fits: bool) -> None:
    kept = keep(case, "before")
    if fits:
        snapshots.must_fit(kept, version)
    else:
        with pytest.raises(DfdevError, match=f"made by MySQL 9.7, and this workspace's database is {version}"):
            snapshots.must_fit(kept, version)


def test_what_was_changed_since_the_bake(case: Case) -> None:
    assert case.database.changed() == []
    case.server.rows = {"shop.play": 3, "shop.night": 5, "shop.new": 1}
    case.server.written = ["shop/play", "shop/new", "mysql"]
    drift = case.database.drift()
    assert drift is not None
    assert drift.rows == {"shop.play": (2, 3), "shop.new": (None, 1)}
    assert case.database.changed() == ["shop.new", "shop.play"]
    del case.server.rows["shop.night"]
    drift = case.database.drift()
    assert drift is not None and drift.rows["shop.night"] == (5, None)


def test_of_an_image_by_other_means_nobody_knows(tmp_path: Path, port: int) -> None:
    made = Case(tmp_path, port, baked=None)
    made.up()
    assert made.database.drift() is None
    assert made.database.changed() is None


@pytest.mark.parametrize(
    ("state", "folder", "baked", "words"),
    [
        ("running", "/data/mysql/", False, "keeps its data in a volume (/data/mysql/)"),
        ("running", "/data", False, "keeps its data in a volume (/data)"),
        ("exited", "/data", False, "does not tell where its data lie"),
        ("running", "/var/lib/mysql-own/", False, ""),
        ("exited", "/data", True, ""),
    ],
)
def test_what_lies_in_a_volume_is_no_snapshot(
    tmp_path: Path, port: int, state: State, folder: str, baked: bool, words: str
) -> None:
    """An image of a container has nothing of its volumes: what was restored of it would be empty."""
    made = Case(tmp_path, port, baked=BAKED if baked else None)
    (tmp_path / "Dockerfile").write_text("FROM mysql\nVOLUME /data\n")
    made.engine.build(tmp_path, IMAGE, args={}, labels=BAKED.labels() if baked else {}, on_line=lambda line: None)
    made.up()
    made.server.variables["datadir"] = folder
    if state == "exited":
        made.engine.stop(made.ids()[0], 1)
    if not words:
        assert keep(made, "before").name == "before"
        return
    with pytest.raises(DfdevError, match=re.escape(words)):
        keep(made, "before")
    assert snapshots.snapshots(made.engine, "shop") == []
