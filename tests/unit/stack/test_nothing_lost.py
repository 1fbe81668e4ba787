"""Whole commands on the engine in memory: no row goes without a word."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dfdev.core.desired import Service
from dfdev.core.events import Notice
from dfdev.core.observed import State
from dfdev.core.questions import Questions
from dfdev.core.reconcile import Choices
from dfdev.engine.protocol import ContainerSpec
from dfdev.errors import DfdevError, EngineError, NotFound, UsageError
from dfdev.mysql.database import existing, published_port
from dfdev.stack.down import down
from dfdev.stack.memory import Memory
from dfdev.stack.restart import plan_restart, restart
from dfdev.stack.up import UpResult, plan_up, up
from dfdev.workspace.load import load
from tests.fakes.engine import NATIVE
from tests.unit.mysql.case import IMAGE, Case, Publishing

NAME = "shop-mysql"
STORE_ONLY = Choices(only=frozenset({"store"}))


@pytest.fixture
def port() -> int:
    return free()


@pytest.fixture
def case(tmp_path: Path, port: int) -> Iterator[Case]:
    """A database that is up."""
    made = Case(tmp_path, port, kind=Publishing)
    bring_up(made)
    yield made
    for container in made.engine.containers():
        made.engine.remove(container.id)


def bring_up(case: Case, choices: Choices | None = None, *, yes: bool = False) -> UpResult:
    """`dfdev up` with nobody there to ask."""
    return up(case.site, choices or Choices(), lambda losses: yes, Questions(), case.said.append)


def take_down(case: Case, *, data: bool = False, yes: bool = False) -> None:
    down(case.site, data, lambda losses: yes, case.said.append)


def edited(case: Case, old: str, new: str) -> None:
    """A line of dfdev.toml changes."""
    file = case.site.workspace.home / "dfdev.toml"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))
    case.site = replace(case.site, workspace=load(file.parent, {}))


def told(case: Case) -> list[str]:
    """What was said, from now on afresh."""
    found = [event.text for event in case.said if isinstance(event, Notice)]
    case.said.clear()
    return found


def backup(case: Case, name: str = "backup") -> str:
    """`docker commit shop-mysql backup:1; docker run --name backup backup:1`: the labels are inherited."""
    container = existing(case.site)
    assert container is not None
    case.engine.create_network("theirs", {})
    case.engine.commit(container.container.id, "backup:1", labels={})
    id = case.engine.create(ContainerSpec(name, Service(name, "backup:1"), "theirs", {}))
    case.engine.start(id)
    return id


STORE = '[services.store]\nimage = "store:1"\nenv = { COLOUR = "red" }\n'


def with_store(folder: Path, **engine: Any) -> Case:
    """A service that is up, whose image declares a volume, with something in it."""
    case = Case(folder, free(), services=STORE, **engine)
    (folder / "Dockerfile").write_text("FROM busybox\nVOLUME /data\n")
    case.engine.build(folder, "store:1", args={}, labels={}, on_line=lambda line: None)
    bring_up(case, STORE_ONLY)
    case.engine.write_file("shop-store", "/data/rows", b"precious", mode=0o644, uid=0, gid=0)
    return case


def stored(case: Case) -> bytes:
    return case.engine.read_file("shop-store", "/data/rows")


def free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_stranger_with_our_labels_is_named_and_left_alone_by_every_verb(case: Case) -> None:
    ours, stranger = case.database.container, backup(case)
    before = case.engine.container(stranger)
    for act in (
        lambda: bring_up(case),
        lambda: bring_up(case, Choices(remove_orphans=True), yes=True),
        lambda: case.renew(),
        lambda: restart(case.site, plan_restart(case.site, frozenset()), case.said.append),
        lambda: take_down(case),
        lambda: bring_up(case),
        lambda: take_down(case, data=True, yes=True),
    ):
        act()
        assert case.engine.container(stranger) == before
    assert ours.id not in {c.id for c in case.engine.containers()} and existing(case.site) is None
    said = [line for line in told(case) if line.startswith("backup is left alone: it has this workspace's labels")]
    assert len(said) >= 4


def test_with_a_stranger_beside_it_up_has_nothing_to_do(case: Case) -> None:
    backup(case)
    case.engine.calls.clear()
    assert not bring_up(case).plan
    assert case.engine.calls == []


def test_a_database_that_was_renamed_is_not_removed(case: Case) -> None:
    case.engine.rename(case.database.container.id, "old")
    with pytest.raises(DfdevError, match="which the container old has published"):
        bring_up(case)
    assert "old" in {c.name for c in case.engine.containers()}


@pytest.mark.parametrize("port_of", ["running", "exited"])
def test_what_is_left_as_it_is_is_waited_for_as_it_is(case: Case, port: int, port_of: State) -> None:
    if port_of == "exited":
        take_down(case)
    id = case.database.container.id
    other = free()
    edited(case, f"port = {port}", f"port = {other}")
    began = time.monotonic()
    result = bring_up(case)
    assert time.monotonic() - began < 10, "the port of the file is nobody's: it is not waited for"
    assert case.database.container.id == id
    (row,) = result.rows
    assert (row.ports, row.url) == ((f"{port}:3306",), f"mysql://127.0.0.1:{port}")
    assert published_port(case.site) == port
    assert any(line.startswith("mysql is left as it is (its configuration changed)") for line in told(case))


def test_what_is_left_as_it_is_does_not_want_the_port_of_the_file(case: Case, port: int) -> None:
    take_down(case)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        edited(case, f"port = {port}", f"port = {taken.getsockname()[1]}")
        assert bring_up(case).rows[0].ports == (f"{port}:3306",)


def test_a_restart_waits_for_the_port_that_the_container_has(case: Case, port: int) -> None:
    edited(case, f"port = {port}", f"port = {free()}")
    result = restart(case.site, plan_restart(case.site, frozenset()), case.said.append)
    assert result.rows[0].ports == (f"{port}:3306",)


@pytest.mark.parametrize(("state", "words"), [("dead", "is dead: it cannot run again"), ("removing", "being removed")])
def test_a_dead_database_is_not_replaced_in_silence(case: Case, state: State, words: str) -> None:
    case.engine.end_as(case.database.container.id, state)
    with pytest.raises(DfdevError, match=words):
        plan_up(case.site, Choices(), lambda losses: False)
    assert NAME in {c.name for c in case.engine.containers()}


def test_what_lies_in_a_declared_volume_outlives_every_change(tmp_path: Path) -> None:
    case = with_store(tmp_path)
    first = case.engine.container("shop-store").id
    edited(case, "red", "blue")
    bring_up(case, STORE_ONLY)
    assert case.engine.container("shop-store").id != first
    assert stored(case) == b"precious"
    restart(case.site, plan_restart(case.site, frozenset()), case.said.append)
    assert stored(case) == b"precious"
    take_down(case)
    bring_up(case, STORE_ONLY)
    assert stored(case) == b"precious"


def test_an_anonymous_volume_of_before_goes_on_in_the_next_container(tmp_path: Path) -> None:
    case = with_store(tmp_path)
    there = case.engine.container("shop-store")
    case.engine.remove(there.id)
    old = case.engine.create(ContainerSpec("shop-store", Service("store", "store:1"), "shop_default", there.claims))
    case.engine.start(old)
    case.engine.write_file(old, "/data/rows", b"anonymous", mode=0o644, uid=0, gid=0)
    for colour, other in (("red", "blue"), ("blue", "green")):
        edited(case, colour, other)
        bring_up(case, STORE_ONLY)
        assert stored(case) == b"anonymous"


@pytest.mark.parametrize("lives", range(1, 7))
def test_what_lies_in_a_declared_volume_outlives_a_death_at_any_moment(tmp_path: Path, lives: int) -> None:
    case = with_store(tmp_path)
    edited(case, "red", "blue")
    case.engine.revive(dies_after=lives)
    with suppress(DfdevError):
        bring_up(case, STORE_ONLY)
    case.engine.revive()
    bring_up(case, STORE_ONLY)
    assert stored(case) == b"precious"


def test_a_declared_volume_goes_when_it_is_asked_for_and_agreed(tmp_path: Path) -> None:
    case = with_store(tmp_path)
    with pytest.raises(UsageError):
        take_down(case, data=True)
    assert stored(case) == b"precious"
    take_down(case, data=True, yes=True)
    bring_up(case, STORE_ONLY)
    with pytest.raises(NotFound):
        stored(case)


GONE = "the database that was here is gone: its container was removed, and not by dfdev"


def losses_told(case: Case) -> int:
    return len([line for line in told(case) if line.startswith(GONE)])


def prune(case: Case) -> None:
    """`docker container prune`."""
    for container in case.engine.containers():
        if not container.running:
            case.engine.remove(container.id)


def test_a_database_that_somebody_removed_is_missed_once(case: Case) -> None:
    take_down(case)
    prune(case)
    bring_up(case)
    assert losses_told(case) == 1
    bring_up(case)
    take_down(case)
    bring_up(case)
    assert losses_told(case) == 0


def test_it_is_missed_though_the_first_up_after_it_fails(case: Case) -> None:
    case.engine.remove(case.database.container.id)
    case.engine.fail("create mysql", EngineError("no space left on device"))
    with pytest.raises(DfdevError):
        bring_up(case)
    case.engine.heal()
    bring_up(case)
    assert losses_told(case) == 1


def test_one_of_before_there_was_a_memory_is_remembered_by_down(tmp_path: Path, port: int) -> None:
    case = Case(tmp_path, port, kind=Publishing)
    case.up()
    take_down(case)
    prune(case)
    bring_up(case)
    assert losses_told(case) == 1
    take_down(case, data=True, yes=True)


def test_what_was_thrown_away_by_a_decision_is_not_missed(case: Case) -> None:
    take_down(case, data=True, yes=True)
    bring_up(case)
    case.renew()
    bring_up(case)
    edited(case, 'user = "dev"', 'user = "other"')
    bring_up(case, yes=True)
    bring_up(case)
    assert losses_told(case) == 0


@pytest.mark.parametrize("lives", range(1, 5))
def test_nor_is_one_whose_replacement_was_interrupted(case: Case, lives: int) -> None:
    case.engine.revive(dies_after=lives)
    with suppress(DfdevError):
        case.renew()
    case.engine.revive()
    bring_up(case)
    assert losses_told(case) == 0


def test_on_another_engine_nothing_is_missed(tmp_path: Path, case: Case, port: int) -> None:
    take_down(case)
    there = Publishing(images={IMAGE: "sha256:1"}, on_exec=case.server.exec, info=replace(NATIVE, id="another"))
    here, first = case.site, case.engine
    case.site, case.engine = replace(case.site, engine=there), there
    bring_up(case)
    assert losses_told(case) == 0
    take_down(case)
    case.site, case.engine = here, first
    bring_up(case)
    assert losses_told(case) == 0, "what was on the first engine is still known"


def test_a_renamed_one_is_told_by_its_new_name(case: Case) -> None:
    take_down(case)
    case.engine.rename(case.database.container.id, "old")
    bring_up(case)
    said = told(case)
    assert "the database's container is called old now: it is left alone" in said
    assert not any(line.startswith(GONE) for line in said)
    assert "old" in {c.name for c in case.engine.containers()}


def test_a_memory_that_cannot_be_read_or_kept_is_none(tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    for text in ("", "[]", "{", "\udcff"):
        broken.write_text(text, "utf-8", "surrogateescape")
        assert Memory(broken, "e").container == ""
    broken.unlink()
    broken.mkdir()
    Memory(broken, "e").forget()
    Memory(tmp_path / "dfdev.toml" / "x" / "y.json", "e").forget()
