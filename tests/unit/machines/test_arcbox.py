"""ArcBox: one line of its status, one VM."""

from __future__ import annotations

import pytest

from dfdev.core.machine import Machine, Share
from dfdev.errors import MachineError
from dfdev.machines import arcbox
from tests.fakes.commands import FakeCommands
from tests.unit.machines.recorded import recorded


@pytest.mark.parametrize(("file", "state"), [("status", "running"), ("status-stopped", "stopped")])
def test_its_status(file: str, state: str) -> None:
    commands = FakeCommands({"HOME": "/Users/me"}).on("abctl daemon status", recorded(f"arcbox/{file}"))
    (found,) = arcbox.machines(commands)
    assert (found.state, found.word, found.host) == (state, state, "unix:///Users/me/.arcbox/run/docker.sock")
    assert found.shares == (Share("/Users"),) and found.default


def test_words_that_nobody_knows() -> None:
    assert arcbox.parse_status("ArcBox daemon status: napping\n") == ("unknown", "napping")
    assert arcbox.parse_status("") == ("unknown", "")


def test_a_status_that_fails() -> None:
    with pytest.raises(MachineError, match="no such daemon"):
        arcbox.machines(FakeCommands().on("abctl daemon status", err="no such daemon\n", code=1))


def test_a_container_sets_its_clock() -> None:
    found = arcbox.capabilities(Machine("arcbox"))
    assert found.set_clock and not found.root_shell
    assert "/Users" in arcbox.share_hint(Machine("arcbox"), "/opt/code")
