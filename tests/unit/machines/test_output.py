"""JSON in its shapes, and what is said of output that is none."""

from __future__ import annotations

import pytest

from dfdev.errors import MachineError
from dfdev.machines.output import asked, at_least, objects, one
from tests.fakes.commands import FakeCommands

ARGV = ("tool", "list", "--json")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", []),
        ("\n", []),
        ("[]\n", []),
        ("[ ]", []),
        ('{"n": 1}\n{"n": 2}\n', [1, 2]),
        ('{\n  "n": 1\n}\n{\n  "n": 2\n}\n', [1, 2]),
        ('[{"n": 1}, {"n": 2}]', [1, 2]),
        ('[\n  {"n": 1}\n]\n', [1]),
        ('WARN[0000] old config {ignored}\n{"n": 1}\n', [1]),
        ('[warning] odd\n  [{"n": 1}]\nthat was all\n', [1]),
        ('{"n": 1}\ntime="…" level=warning msg="x"\n{"n": 2}\n', [1, 2]),
        ('{"n": 1} trailing\n{"n": 2}', [1, 2]),
    ],
)
def test_the_shapes(text: str, names: list[int]) -> None:
    assert [item["n"] for item in objects(text, ARGV)] == names


@pytest.mark.parametrize(
    "text", ["FATA[0000] broken", "{", '{"n": 1}\n{"n": ', '[{"n": 1}, 2]', "null", '"text"', "[1]"]
)
def test_no_json(text: str) -> None:
    with pytest.raises(MachineError) as error:
        objects(text, ARGV)
    assert error.value.message.startswith("`tool list --json` did not print the JSON that is expected of it, but: ")
    assert error.value.message.endswith(" ".join(text.split()))
    assert error.value.hint == "run it by hand to see what it says: `tool list --json`"


def test_only_the_beginning_is_shown() -> None:
    with pytest.raises(MachineError) as error:
        objects("x" * 61, ARGV)
    assert error.value.message.endswith("but: " + "x" * 60 + "…")


def test_one_where_there_is_none() -> None:
    with pytest.raises(MachineError, match="but: nothing"):
        one(" ", ARGV)


def test_a_command_that_fails_is_named_with_its_last_words() -> None:
    commands = FakeCommands().on("tool", err="a warning\nno such thing\n", code=2)
    with pytest.raises(MachineError) as error:
        asked(commands, ARGV)
    assert error.value.message == "`tool list --json` failed: no such thing"
    assert error.value.hint == "run it by hand to see all of it: `tool list --json`"


@pytest.mark.parametrize(
    ("version", "is_new"),
    [
        ("2.1.0", True),
        ("limactl version 2.1.0-rc.0", True),
        ("2.1.2.rd1", True),
        ("v10.0", True),
        ("2.0.3", False),
        ("1.9", False),
        ("2", False),
        ("", False),
        ("HEAD-183a60d7", False),
    ],
)
def test_versions(version: str, is_new: bool) -> None:
    assert at_least(version, 2, 1) is is_new
