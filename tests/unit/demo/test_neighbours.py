"""Which ports and which name the demo gets beside what runs already."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Collection
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dfdev.core import labels
from dfdev.core.desired import Port
from dfdev.core.observed import Container, State
from dfdev.core.secrets import Secrets
from dfdev.demo.files import write
from dfdev.demo.neighbours import LOCAL, NAME, PORTS, Room, choose, make_room, others, render
from dfdev.errors import DfdevError
from dfdev.resources import templates_dir
from dfdev.workspace.load import open_workspace


def container(home: str, workspace: str, port: int, state: State = "running") -> Container:
    marks = {labels.HOME: home, labels.WORKSPACE: workspace, labels.SERVICE: "www"}
    return Container("1", f"{workspace}-www", "i", "sha", state, claims=marks, ports=(Port(port, 80),))


def test_the_template_asks_for_these() -> None:
    written = tomllib.loads((templates_dir() / "demo" / "dfdev.toml").read_text())
    assert written["workspace"]["name"] == NAME
    assert written["services"]["www"]["ports"] == [f"{PORTS['www']}:80"]
    assert (written["mysql"]["port"], written["registry"]["port"]) == (PORTS["mysql"], PORTS["registry"])


def test_where_everything_is_free_nothing_is_written(tmp_path: Path) -> None:
    assert make_room(tmp_path, (), lambda port: True) == Room()
    assert not (tmp_path / LOCAL).exists()


@given(st.sets(st.sampled_from([*range(8000, 8006), *range(3306, 3310), *range(5000, 5004)])))
def test_every_port_is_free_and_no_two_are_the_same(taken: set[int]) -> None:
    got = {**PORTS, **choose((), lambda port: port not in taken).ports}
    assert len(set(got.values())) == 3 and not taken & set(got.values())


def test_a_port_that_is_free_is_not_moved() -> None:
    assert choose((), lambda port: port != 8000).ports == {"www": 8001}


def test_a_name_that_is_taken_gets_a_number() -> None:
    assert choose({"other"}, lambda port: True).name == ""
    assert choose({NAME, f"{NAME}-2"}, lambda port: True).name == f"{NAME}-3"


def test_its_own_containers_are_not_in_its_way(tmp_path: Path) -> None:
    own = container(os.path.realpath(tmp_path), NAME, 8000)
    names, is_free = others(tmp_path, [own], lambda port: port != 8000)
    assert names == set() and is_free(8000)


@pytest.mark.parametrize(("state", "free"), [("running", False), ("exited", True)])
def test_another_workspace_has_its_name_always_and_its_ports_while_it_runs(
    tmp_path: Path, state: State, free: bool
) -> None:
    names, is_free = others(tmp_path, [container("/elsewhere", NAME, 8000, state)], lambda port: True)
    assert names == {NAME} and is_free(8000) is free


def test_containers_of_nobody_have_no_name(tmp_path: Path) -> None:
    stranger = Container("1", "c", "i", "sha", "running", ports=(Port(3306, 3306),))
    names, is_free = others(tmp_path, [stranger], lambda port: True)
    assert names == set() and not is_free(3306)


@pytest.mark.parametrize("moved", [(), ("www",), ("mysql", "registry"), tuple(PORTS)])
def test_what_is_written_is_what_the_workspace_becomes(tmp_path: Path, moved: Collection[str]) -> None:
    write(tmp_path, templates_dir() / "demo")
    ports = {who: PORTS[who] + 7 for who in moved}
    (tmp_path / LOCAL).write_text(render(Room("dramas-2", ports)))
    workspace = open_workspace(str(tmp_path), {}, secrets=Secrets(), committed=lambda path: False)
    wanted = {**PORTS, **ports}
    assert workspace.name == "dramas-2"
    assert workspace.config.services["www"].ports == (f"{wanted['www']}:80",)
    assert workspace.config.mysql and workspace.config.mysql.port == wanted["mysql"]
    assert workspace.config.registry and workspace.config.registry.port == wanted["registry"]


def test_what_was_taken_is_said_in_the_file_and_by_lines() -> None:
    room = choose({NAME}, lambda port: port != 3306)
    assert room.lines() == [
        "the workspace name dramas is taken: this one is dramas-2",
        "port 3306 is taken: mysql gets 3307",
    ]
    assert all(f"# {line}\n" in render(room) for line in room.lines())


def test_a_file_that_is_there_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / LOCAL).write_text("# mine\n")
    assert make_room(tmp_path, (), lambda port: False) == Room()
    assert (tmp_path / LOCAL).read_text() == "# mine\n"


def test_a_folder_that_went_away_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DfdevError, match="cannot write"):
        make_room(tmp_path / "gone", (), lambda port: port != 8000)
