"""A root shell that is opened once and used again, as long as it lives."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import pytest

from dfdev.core.providers import Owner
from dfdev.errors import MachineError
from dfdev.machines.kept import KeptShell
from dfdev.machines.place import Place
from dfdev.system.dialogue import Dialogue
from tests.fakes.commands import FakeCommands
from tests.fakes.shell import FakeShell


class Rooted(Place):
    def __init__(self, shell: FakeShell) -> None:
        super().__init__(Owner("colima", "default", "a test"), "unix:///vm.sock", FakeCommands({}))
        self._shell = shell

    def open_root(self) -> Dialogue:
        return cast(Dialogue, self._shell)


@pytest.fixture
def shell() -> FakeShell:
    return FakeShell().on("true").on("date", "12\n")


def ask(kept: KeptShell, place: Place, script: str = "date") -> str:
    with kept.open_root(place) as opened:
        return opened.ask(script, timeout=5).out


def test_one_login_for_many_uses(shell: FakeShell) -> None:
    kept, place = KeptShell(), Rooted(shell)
    assert [ask(kept, place) for _ in range(5)] == ["12\n"] * 5
    assert (shell.opened, shell.closed) == (1, 0)
    kept.close()
    kept.close()
    assert shell.closed == 1


@pytest.mark.parametrize(
    "dies",
    [
        lambda shell: shell.late("true"),
        lambda shell: shell.ends("true", "Connection reset by peer"),
        lambda shell: shell.on("true", code=1),
    ],
)
def test_one_that_died_in_a_sleep_is_opened_anew(shell: FakeShell, dies: Callable[[FakeShell], FakeShell]) -> None:
    kept, place = KeptShell(), Rooted(shell)
    ask(kept, place)
    dies(shell)
    assert ask(kept, place) == "12\n"
    assert (shell.opened, shell.closed) == (2, 1)


def test_one_that_fails_at_work_is_not_used_again(shell: FakeShell) -> None:
    kept, place = KeptShell(), Rooted(shell)
    shell.late("hwclock")
    with pytest.raises(MachineError, match="did not answer"):
        ask(kept, place, "hwclock")
    assert (shell.opened, shell.closed) == (1, 1)
    assert ask(kept, place) == "12\n"


def test_another_place_is_another_shell(shell: FakeShell) -> None:
    other = FakeShell().on("true").on("date", "13\n")
    kept = KeptShell()
    assert [ask(kept, Rooted(shell)), ask(kept, Rooted(other))] == ["12\n", "13\n"]
    assert (shell.closed, other.opened, other.closed) == (1, 1, 0)
