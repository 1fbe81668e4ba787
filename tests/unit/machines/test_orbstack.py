"""OrbStack: one word of text."""

from __future__ import annotations

import pytest

from dfdev.core.machine import Machine, Share
from dfdev.errors import MachineError
from dfdev.machines import orbstack
from tests.fakes.commands import FakeCommands
from tests.unit.machines.recorded import recorded


def look(commands: FakeCommands) -> Machine:
    (found,) = orbstack.machines(commands)
    return found


def test_running() -> None:
    found = look(FakeCommands().on("orb status", recorded("orbstack/status-running")))
    assert (found.state, found.host) == ("running", "unix:///Users/me/.orbstack/run/docker.sock")
    assert found.shares == (Share("/"),)


def test_stopped_with_a_failing_exit_code() -> None:
    assert look(FakeCommands().on("orb status", recorded("orbstack/status-stopped"), code=1)).state == "stopped"
    assert look(FakeCommands().on("orb status", err="Stopped\n", code=1)).state == "stopped"


def test_a_failure_without_a_word() -> None:
    with pytest.raises(MachineError, match="`orb status` failed: cannot reach"):
        look(FakeCommands().on("orb status", err="cannot reach OrbStack\n", code=1))


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("Running\n", "running"),
        ("update available: 2.1\nStopped\n", "stopped"),
        ("Starting.\n", "starting"),
        ("", "unknown"),
        ("Not running as root\n", "unknown"),
    ],
)
def test_words(text: str, state: str) -> None:
    assert orbstack.parse_status(text)[0] == state
