"""What is remembered of a clock between commands."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from dfdev.clock.memory import memory_path, recall, remember
from dfdev.core.clock import SECOND
from dfdev.core.correction import Memory, Rest
from dfdev.system.folders import state_folder
from tests.unit.clock.case import START, Case
from tests.unit.clock.vm import Vm

KNOWN = Memory(Rest("boot", 1.5), START, START - 5, Rest("boot", 0.5), -20 * SECOND, True)


def test_what_is_remembered_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "memory.json"
    remember(path, KNOWN)
    assert recall(path) == KNOWN
    remember(path, Memory())
    assert recall(path) == Memory()
    assert [file.name for file in path.parent.iterdir()] == ["memory.json"]


GARBAGE = [b"", b"{", b"[]", b"null", b"5", b"{}", b'{"boot": "x"}', b"\xff\xfe", b"[" * 100_000]
FIELDS = {
    "boot": "b",
    "slept": 1.0,
    "measured": 2.0,
    "stepped": 3.0,
    "stepped_boot": "b",
    "stepped_slept": 1.0,
    "stepped_from": 5,
}
NO_NUMBERS: list[object] = ["x", None, [], {}]
ODD = [json.dumps({**FIELDS, name: x}).encode() for name in FIELDS if "boot" not in name for x in NO_NUMBERS]


@pytest.mark.parametrize("content", [*GARBAGE, *ODD, json.dumps({**FIELDS, "stepped_from": float("inf")}).encode()])
def test_nothing_is_remembered_of_garbage(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "memory.json"
    path.write_bytes(content)
    assert recall(path) == Memory()
    remember(path, KNOWN)
    assert recall(path) == KNOWN


def absent(path: Path) -> None:
    """Nothing there."""


def a_folder(path: Path) -> None:
    path.mkdir()


def below_a_file(path: Path) -> None:
    path.parent.rmdir()
    path.parent.write_text("")


@pytest.mark.parametrize("spoil", [absent, a_folder, below_a_file])
def test_a_memory_that_cannot_be_read_is_none(tmp_path: Path, spoil: Callable[[Path], None]) -> None:
    path = tmp_path / "clock" / "memory.json"
    path.parent.mkdir()
    spoil(path)
    assert recall(path) == Memory()


@pytest.mark.parametrize("spoil", [a_folder, below_a_file])
def test_a_memory_that_cannot_be_written_costs_nothing(tmp_path: Path, spoil: Callable[[Path], None]) -> None:
    path = tmp_path / "clock" / "memory.json"
    path.parent.mkdir()
    spoil(path)
    remember(path, KNOWN)
    assert recall(path) == Memory()
    assert not path.parent.is_dir() or list(path.parent.iterdir()) == [path]


def test_keeping_goes_on_without_a_memory(tmp_path: Path) -> None:
    (tmp_path / "dfdev").write_text("a file where the folder should be")
    case = Case(tmp_path, Vm(-20))
    assert case.keeps()[0] == "ok"
    assert case.vm.steps == [20]


@pytest.mark.parametrize(
    ("environ", "folder"),
    [
        ({"XDG_STATE_HOME": "/s", "HOME": "/h"}, "/s/dfdev"),
        ({"HOME": "/h"}, "/h/.local/state/dfdev"),
        ({"XDG_STATE_HOME": "", "HOME": "/h"}, "/h/.local/state/dfdev"),
        ({}, "/.local/state/dfdev"),
    ],
)
def test_where_it_is_kept(environ: dict[str, str], folder: str) -> None:
    assert str(state_folder(environ)) == folder


def test_every_engine_has_a_memory_of_its_own() -> None:
    paths = {memory_path({"HOME": "/h"}, host) for host in ("unix:///a", "unix:///b", "tcp://a:1")}
    assert len(paths) == 3
    assert all(path.parent == Path("/h/.local/state/dfdev/clock") for path in paths)
