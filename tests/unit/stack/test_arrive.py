"""Coming to an engine: what is done about one that is absent, hangs, or does not like the clock."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dfdev.core.events import Event, Notice
from dfdev.core.machine import Machine
from dfdev.core.providers import Owner
from dfdev.core.questions import Questions
from dfdev.engine.endpoint import Endpoint
from dfdev.errors import ClockRefused, EngineAbsent, EngineError, EngineHung, MachineError
from dfdev.machines.locate import Located
from dfdev.stack.arrive import arrive
from dfdev.stack.site import Site
from dfdev.workspace.load import load
from tests.fakes.commands import FakeCommands
from tests.fakes.engine import FakeEngine

COLIMA = Owner("colima", "default", "its socket is Colima's")
STOPPED = '{"name":"default","status":"Stopped","runtime":""}\n'


class Mute(FakeEngine):
    """An engine whose first answer is an error."""

    def __init__(self, error: EngineError) -> None:
        super().__init__()
        self._error = error

    def date(self, seconds: float | None = None) -> None:
        raise self._error


def site(folder: Path, error: EngineError | None, commands: FakeCommands, owner: Owner | None = COLIMA) -> Site:
    (folder / "dfdev.toml").write_text("")
    located = Located(Endpoint(f"unix://{folder}/docker.sock", "a test"), owner)
    engine = FakeEngine() if error is None else Mute(error)
    return Site(load(folder, {}), located, engine, 0, 0, commands)


def tools(folder: Path) -> FakeCommands:
    return FakeCommands({"HOME": str(folder)}).on("colima list --json", STOPPED)


def quiet(_event: Event) -> None: ...


def test_one_that_answers_needs_no_tool(tmp_path: Path) -> None:
    commands = FakeCommands({})
    there = site(tmp_path, None, commands)
    assert arrive(there, Questions(), quiet) is there and commands.lines == []


def test_one_that_does_not_like_the_clock_is_there(tmp_path: Path) -> None:
    there = site(tmp_path, ClockRefused("not yet valid"), FakeCommands({}))
    assert arrive(there, Questions(), quiet) is there


def test_a_hung_one_is_named_with_the_line_that_restarts_it(tmp_path: Path) -> None:
    hung = site(tmp_path, EngineHung("took the call"), tools(tmp_path))
    with pytest.raises(EngineHung, match="colima default hangs") as told:
        arrive(hung, Questions(), quiet)
    assert "colima stop --force default && colima start default" in told.value.hint


def test_a_hung_one_is_restarted_only_when_agreed(tmp_path: Path) -> None:
    asked: list[str] = []
    commands = tools(tmp_path).on("colima stop --force default", err="no such profile\n", code=1)

    def agree(text: str) -> bool:
        asked.append(text)
        return True

    with pytest.raises(MachineError, match="no such profile"):
        arrive(site(tmp_path, EngineHung("took the call"), commands), Questions(agree), quiet)
    assert len(asked) == 1 and "colima stop --force default" in commands.lines


def test_a_stopped_one_is_started_and_said_to(tmp_path: Path) -> None:
    said: list[Event] = []
    commands = tools(tmp_path).on("colima start default", err="no disk\n", code=1)
    with pytest.raises(MachineError, match="`colima start default` failed: no disk"):
        arrive(site(tmp_path, EngineAbsent("nothing there"), commands), Questions(), said.append)
    assert Notice("colima default is Stopped: starting it") in said


def test_a_broken_one_is_not_started(tmp_path: Path) -> None:
    there = site(tmp_path, EngineAbsent("nothing there"), tools(tmp_path))
    broken = Machine("colima", "default", "broken", "its disk is gone")
    with pytest.raises(MachineError, match="colima default is broken: its disk is gone"):
        arrive(replace(there, located=replace(there.located, machine=broken)), Questions(), quiet)


@pytest.mark.parametrize("provider", ["native", "remote"])
def test_what_is_not_a_machine_of_ours_keeps_its_error(tmp_path: Path, provider: str) -> None:
    absent = site(tmp_path, EngineAbsent("nothing there"), FakeCommands({}), Owner(provider))
    with pytest.raises(EngineAbsent, match="nothing there"):
        arrive(absent, Questions(), quiet)


@pytest.mark.parametrize("provider", ["native", "remote"])
def test_what_is_not_a_machine_of_ours_is_not_restarted(tmp_path: Path, provider: str) -> None:
    hung = site(tmp_path, EngineHung("took the call"), FakeCommands({}), Owner(provider))
    with pytest.raises(EngineHung, match="took the call"):
        arrive(hung, Questions(lambda _: True), quiet)
