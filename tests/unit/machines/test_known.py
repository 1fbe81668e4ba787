"""The last good address: tried before the tool, beside a tool that is slow, and only if the same engine is there."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from dfdev.core.machine import Machine
from dfdev.engine.endpoint import Endpoint
from dfdev.errors import EngineAbsent, EngineError, EngineHung, MachineError
from dfdev.machines.known import Known, recall, remember
from dfdev.machines.locate import Located, locate
from dfdev.machines.survey import Found
from dfdev.system.commands import CommandLate, Commands, Hurried
from tests.fakes.commands import FakeCommands

HOST, OTHER = "tcp://192.168.59.103:2375", "tcp://192.168.59.104:2375"
B2D = Machine("boot2docker", "boot2docker-vm", "running", "running", HOST, default=True)
SILENT = replace(B2D, host="", word="its ssh does not answer", hangs=True)
HUNG = EngineHung("it took the call and did not answer", "restart it")
REFUSED = EngineAbsent("no Docker engine: nothing listens there", "start it")


@dataclass
class Mac:
    """`engines`: address -> the id of the engine there, or what a question raises; once for each question, the last
    for ever. `machines`: as the tool tells them, or what it raises.
    """

    home: Path
    machines: Sequence[Machine] | MachineError = (B2D,)
    engines: dict[str, list[str | EngineError]] = field(default_factory=lambda: {HOST: ["abc"]})
    looks: list[Commands] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    environ: dict[str, str] = field(default_factory=dict)
    slow: threading.Event | None = None
    """For this every question but the first waits."""

    def locate(self, provider: str = "boot2docker", profile: str = "") -> Located:
        environ = {"HOME": str(self.home), "XDG_STATE_HOME": str(self.home), **self.environ}
        return locate(
            FakeCommands(environ),
            provider,
            profile,
            platform="darwin",
            there=lambda _path: False,
            look=self._look,
            ask=self._ask,
        )

    def remembers(self) -> Mac:
        self.locate()
        self.looks.clear()
        self.asked.clear()
        return self

    def _look(self, _located: Located, commands: Commands) -> list[Found]:
        self.looks.append(commands)
        if isinstance(self.machines, MachineError):
            return [Found("boot2docker", "/bin/boot2docker", problem=self.machines)]
        return [Found("boot2docker", "/bin/boot2docker", tuple(self.machines))]

    def _ask(self, endpoint: Endpoint, _seconds: float) -> str:
        self.asked.append(endpoint.host)
        if self.slow is not None and len(self.asked) > 1:
            assert self.slow.wait(30)
        answers = self.engines.get(endpoint.host, [REFUSED])
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, EngineError):
            raise answer
        return answer


@pytest.fixture
def mac(tmp_path: Path) -> Mac:
    return Mac(tmp_path)


def test_the_second_time_the_tool_is_not_asked(mac: Mac) -> None:
    first = mac.locate()
    assert (first.endpoint.host, len(mac.looks)) == (HOST, 1)
    again = mac.locate()
    assert (again.endpoint.host, len(mac.looks), again.machine) == (HOST, 1, None)
    assert again.owner is not None and (again.owner.provider, again.owner.name) == ("boot2docker", "boot2docker-vm")


@pytest.mark.parametrize("profile", ["", "boot2docker-vm"])
def test_by_its_name_and_as_the_usual_one(mac: Mac, profile: str) -> None:
    mac.remembers().locate(profile=profile)
    assert mac.looks == []


def test_another_engine_at_the_address_is_another_machine(mac: Mac) -> None:
    """Addresses are lent: the next one who starts may get it."""
    mac.remembers().engines = {HOST: ["somebody else"], OTHER: ["abc"]}
    mac.machines = [replace(B2D, host=OTHER)]
    assert mac.locate().endpoint.host == OTHER
    assert mac.locate().endpoint.host == OTHER and len(mac.looks) == 1, "the new one is remembered"


def test_where_the_engine_is_silent_the_tool_is_asked_in_a_hurry(mac: Mac) -> None:
    mac.remembers().engines[HOST] = [HUNG]
    mac.machines = [replace(SILENT, hangs=False, word="")]
    found = mac.locate()
    assert isinstance(mac.looks[0], Hurried)
    with pytest.raises(EngineHung, match="boot2docker boot2docker-vm runs and tells no address") as told:
        found.endpoint.must_be_there()
    assert told.value.hint == "`dfdev machine restart`"


def test_its_own_words_are_the_verdict(mac: Mac) -> None:
    mac.remembers().engines[HOST] = [HUNG]
    mac.machines = [SILENT]
    with pytest.raises(EngineHung, match="boot2docker-vm runs and its ssh does not answer"):
        mac.locate().endpoint.must_be_there()


def test_a_machine_that_is_paused_says_that(mac: Mac) -> None:
    mac.remembers().engines[HOST] = [HUNG]
    mac.machines = [replace(B2D, host="", state="paused")]
    with pytest.raises(EngineAbsent, match="boot2docker-vm is paused") as told:
        mac.locate().endpoint.must_be_there()
    assert "`dfdev up` starts it" in told.value.hint


def test_an_engine_that_is_only_slow_is_waited_for_beside_the_tool(mac: Mac) -> None:
    mac.remembers().engines[HOST] = [HUNG, "abc"]
    mac.machines = [SILENT]
    assert mac.locate().endpoint.host == HOST


def test_a_tool_that_is_late_with_a_machine_that_is_silent(mac: Mac) -> None:
    mac.remembers().engines[HOST] = [HUNG]
    mac.machines = CommandLate("`boot2docker info` did not end within 3 s", "run it by hand")
    with pytest.raises(EngineHung, match=r"does not tell whether it runs \(`boot2docker info` did not end within 3 s"):
        mac.locate().endpoint.must_be_there()


@pytest.mark.parametrize("answers", [["abc"], [HUNG, "abc"]])
def test_a_tool_that_is_late_with_a_machine_that_answers(mac: Mac, answers: list[str | EngineError]) -> None:
    mac.remembers().engines[HOST] = [REFUSED, *answers] if answers == ["abc"] else answers
    mac.machines = CommandLate("`boot2docker info` did not end within 3 s", "run it by hand")
    assert mac.locate().endpoint.host == HOST


def test_a_tool_that_fails_says_why(mac: Mac) -> None:
    mac.remembers().engines[HOST] = [REFUSED]
    mac.machines = MachineError("no hypervisor installed", "install VirtualBox")
    with pytest.raises(MachineError, match="no hypervisor installed"):
        mac.locate()


def test_the_closed_ssh_of_an_engine_that_answers_is_no_news(mac: Mac) -> None:
    """Nobody names a provider: the tool says what runs, and the memory where."""
    mac.remembers().machines = [replace(SILENT, word="its ssh says: Connection refused", hangs=False)]
    found = mac.locate("auto")
    assert (found.endpoint.host, len(mac.looks)) == (HOST, 1)


def test_a_variable_goes_before_what_is_remembered(mac: Mac) -> None:
    mac.remembers().environ["DOCKER_HOST"] = "tcp://127.0.0.1:1"
    assert mac.locate().endpoint.host == "tcp://127.0.0.1:1"


@pytest.mark.parametrize("machine", [replace(B2D, cloud=True), replace(B2D, host="unix:///vm.sock")])
def test_what_is_not_remembered(mac: Mac, machine: Machine) -> None:
    """A machine elsewhere needs the user's leave each time; a socket is where it always is."""
    mac.machines = [machine]
    mac.engines[machine.host] = ["abc"]
    mac.locate()
    mac.locate()
    assert len(mac.looks) == 2


@pytest.mark.parametrize("content", ["", "[]", "{", '{"boot2docker/": 5}', '{"boot2docker/": {"name": "x"}}'])
def test_garbage_is_no_memory(tmp_path: Path, content: str) -> None:
    environ = {"XDG_STATE_HOME": str(tmp_path)}
    path = tmp_path / "dfdev" / "machines" / "addresses.json"
    path.parent.mkdir(parents=True)
    path.write_text(content)
    assert recall(environ, "boot2docker", "") is None
    known = Known("boot2docker-vm", HOST, "", "abc")
    remember(environ, "boot2docker", ("", "boot2docker-vm"), known)
    assert recall(environ, "boot2docker", "") == recall(environ, "boot2docker", "boot2docker-vm") == known
    assert recall(environ, "docker-machine", "") is None
    assert [file.name for file in path.parent.iterdir()] == ["addresses.json"]


def test_nothing_waits_for_a_silent_engine_where_the_machine_stands_still(mac: Mac) -> None:
    """The question that goes on beside is left alone."""
    mac.remembers().machines = [replace(B2D, host="", state="stopped")]
    mac.engines[HOST], mac.slow = [HUNG], threading.Event()
    assert mac.locate().endpoint.missing is not None
    assert not mac.slow.is_set()
    mac.slow.set()
