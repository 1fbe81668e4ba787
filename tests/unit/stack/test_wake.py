"""Machines that are started or restarted until their engine answers, on real sockets."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from dfdev.core.events import Began, Ended, Event, Notice, Progress
from dfdev.core.machine import Machine
from dfdev.core.providers import Owner
from dfdev.core.questions import Questions
from dfdev.engine.endpoint import Endpoint
from dfdev.errors import EngineAbsent, EngineDenied, EngineHung, MachineError
from dfdev.machines import docker_machine
from dfdev.machines.choose import Several
from dfdev.machines.locate import Located, nowhere
from dfdev.stack.arrive import arrive
from dfdev.stack.site import Site
from dfdev.stack.wake import answering, fell_silent, picker, restarted, started
from dfdev.system.commands import Ran
from dfdev.workspace.load import load
from tests.contract.forward import forwarded
from tests.fakes.commands import Call, FakeCommands
from tests.fakes.engine import FakeEngine
from tests.unit.engine.server import always
from tests.unit.engine.server import answering as listening

ABSENT = EngineAbsent("no Docker engine there", "start it")
HUNG = EngineHung("took the call and did not answer", "restart it")


@dataclass
class Mac:
    """With Colima, whose engine answers at `engine` once it was started. `said`: the events."""

    home: Path
    engine: str
    profiles: dict[str, str] = field(default_factory=lambda: {"default": "Stopped"})
    said: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.commands = FakeCommands({"HOME": str(self.home), "PATH": ""})
        self.commands.reply("colima list --json", lambda call: Ran(call.argv, 0, self._list()))
        self.commands.reply("colima start", self._started)
        self.commands.on("colima stop --force", "stopping\n")
        self.old = FakeEngine()
        (self.home / "dfdev.toml").write_text("")
        (self.home / ".colima").mkdir()

    def socket(self, profile: str) -> str:
        return f"{self.home}/.colima/{profile}/docker.sock"

    def site(self, owner: Owner | None = None, provider: str = "colima", host: str = "") -> Site:
        endpoint = Endpoint(host or f"unix://{self.socket('default')}", "a test")
        located = Located(endpoint, owner, provider)
        return Site(load(self.home, {}), located, self.old, 0, 0, self.commands)

    def runs(self, profile: str) -> None:
        """As if it had been started before."""
        self.profiles[profile] = "Running"
        path = Path(self.socket(profile))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(self.engine)

    @property
    def started(self) -> list[str]:
        return [line for line in self.commands.lines if "list" not in line]

    def _started(self, call: Call) -> Ran:
        self.runs(call.argv[2])
        return Ran(call.argv, 0, "", "msg: starting\nmsg: done\n")

    def _list(self) -> str:
        lines = (f'{{"name":"{name}","status":"{status}","runtime":""}}\n' for name, status in self.profiles.items())
        return "".join(lines)


@pytest.fixture
def mac() -> Iterator[Mac]:
    """A short folder: the path of a socket has 107 bytes at most."""
    with tempfile.TemporaryDirectory() as folder, listening(always()) as wire:
        yield Mac(Path(folder), wire.endpoint.path)


COLIMA = Owner("colima", "default", "its socket is Colima's")


def test_a_machine_that_is_stopped_is_started_and_answers(mac: Mac) -> None:
    site = started(mac.site(COLIMA), Questions(), mac.said.append, ABSENT)
    assert mac.started == ["colima start default"]
    site.engine.date()
    assert site.endpoint.host == f"unix://{mac.socket('default')}"
    assert site.engine is not mac.old and mac.old.closed
    site.engine.close()


def test_what_is_said_meanwhile(mac: Mac) -> None:
    started(mac.site(COLIMA), Questions(), mac.said.append, ABSENT).engine.close()
    notice, began, *progress, ended = mac.said
    assert notice == Notice("colima default is Stopped: starting it")
    assert began == Began("start colima default")
    assert progress[:2] == [Progress("start colima default", text) for text in ("msg: starting", "msg: done")]
    assert isinstance(ended, Ended)


def test_an_engine_that_comes_a_little_later_is_waited_for(mac: Mac) -> None:
    """Its tool ends before its socket is there."""
    site = mac.site(COLIMA)
    waits: list[str] = []

    def emit(event: Event) -> None:
        if isinstance(event, Progress) and event.key == "k":
            waits.append(event.text)
            mac.runs("default")

    place = site.located.place(None, mac.commands)
    found = answering(site.located, place, mac.commands, time.monotonic() + 20, emit, "k")
    assert found.endpoint.host == site.endpoint.host
    assert len(waits) == 1 and "there is no such socket" in waits[0]


def test_one_that_never_answers_is_an_error_in_the_end(mac: Mac) -> None:
    site = mac.site(COLIMA)
    place = site.located.place(None, mac.commands)
    with pytest.raises(EngineAbsent, match="there is no such socket"):
        answering(site.located, place, mac.commands, time.monotonic(), mac.said.append, "k")


def test_a_start_that_fails_says_what_its_tool_said(mac: Mac) -> None:
    mac.commands.on("colima start", "", "cannot allocate memory\n", 1)
    with pytest.raises(MachineError, match="`colima start default` failed: cannot allocate memory"):
        started(mac.site(COLIMA), Questions(), mac.said.append, ABSENT)
    assert not mac.old.closed


def test_a_start_that_never_ends(mac: Mac) -> None:
    mac.commands.late("colima start")
    with pytest.raises(MachineError, match="`colima start default` did not end within 300 s"):
        started(mac.site(COLIMA), Questions(), mac.said.append, ABSENT)


def test_a_machine_that_runs_without_an_engine_keeps_the_error(mac: Mac) -> None:
    mac.profiles["default"] = "Running"
    with pytest.raises(EngineAbsent) as error:
        started(mac.site(COLIMA), Questions(), mac.said.append, ABSENT)
    assert error.value is ABSENT and mac.started == []


def test_an_address_of_nobody_leads_to_the_machine_there_is(mac: Mac) -> None:
    """The default socket is gone; Colima runs elsewhere."""
    mac.runs("default")
    site = started(mac.site(None, host="unix:///nonexistent/docker.sock"), Questions(), mac.said.append, ABSENT)
    site.engine.date()
    assert (site.endpoint.host, mac.started) == (f"unix://{mac.socket('default')}", [])
    site.engine.close()


@pytest.mark.parametrize(("index", "name"), [(None, "one"), (1, "two")])
def test_of_several_somebody_chooses_or_the_first_is_taken(mac: Mac, index: int | None, name: str) -> None:
    mac.profiles = {"one": "Stopped", "two": "Stopped"}
    asked: list[tuple[str, list[str]]] = []

    def choose(text: str, choices: object) -> int | None:
        assert isinstance(choices, list)
        asked.append((text, choices))
        return index

    questions = Questions(choose=choose)
    site = started(mac.site(None, host="unix:///nonexistent/docker.sock"), questions, mac.said.append, ABSENT)
    assert mac.started == [f"colima start {name}"]
    assert asked == [
        ("dfdev.toml names Colima, which has 2 machines. Which one?", ["colima one (stopped)", "colima two (stopped)"])
    ]
    assert site.located.owner == Owner("colima", name, site.located.owner.why if site.located.owner else "")
    site.engine.close()


def test_the_others_are_told_with_the_choice() -> None:
    several = Several((Machine("colima", "a"), Machine("colima", "b"), Machine("colima", "c")), "3 machines run")
    choice = picker(Questions(choose=lambda _text, _choices: 1))(several)
    assert (choice.machine.name, [m.name for m in choice.candidates]) == ("b", ["a", "c"])


def test_nothing_that_would_do_keeps_the_error(mac: Mac) -> None:
    mac.profiles = {}
    with pytest.raises(EngineAbsent) as error:
        started(mac.site(None), Questions(), mac.said.append, ABSENT)
    assert error.value is ABSENT


def test_a_machine_of_that_address_that_is_gone_is_told(mac: Mac) -> None:
    mac.profiles = {}
    with pytest.raises(MachineError, match="has no machine yet"):
        started(mac.site(COLIMA), Questions(), mac.said.append, ABSENT)


def test_a_machine_that_hangs_is_restarted_by_force_when_agreed(mac: Mac) -> None:
    mac.profiles["default"] = "Running"
    asked: list[str] = []

    def agree(text: str) -> bool:
        asked.append(text)
        return True

    site = restarted(mac.site(COLIMA), Questions(agree), mac.said.append, HUNG)
    assert mac.started == ["colima stop --force default", "colima start default"]
    assert "Restart it (`colima stop --force default && colima start default`)?" in asked[0]
    assert Began("restart colima default") in mac.said
    site.engine.date()
    site.engine.close()


def test_without_an_agreement_it_hangs_on(mac: Mac) -> None:
    with pytest.raises(EngineHung, match="colima default hangs") as error:
        restarted(mac.site(COLIMA), Questions(), mac.said.append, HUNG)
    assert "`dfdev up --yes`" in error.value.hint and mac.started == []


def test_one_that_answers_after_all_is_not_restarted(mac: Mac) -> None:
    """It was only busy when it was asked, and somebody took a while to agree."""
    mac.runs("default")
    site = restarted(mac.site(COLIMA), Questions(lambda _text: True), mac.said.append, HUNG)
    assert mac.started == [] and site.engine is not mac.old
    assert mac.said == [Notice("colima default answers again: it is not restarted")]
    site.engine.close()


def test_what_its_tool_says_of_a_machine_that_hangs_is_what_is_asked_about(mac: Mac) -> None:
    machine = Machine("boot2docker", "boot2docker-vm", "running", "its ssh does not answer", hangs=True)
    site = mac.site(Owner("boot2docker", "boot2docker-vm"), "boot2docker")
    site = replace(site, located=replace(site.located, endpoint=nowhere(machine), machine=machine))
    asked: list[str] = []

    def refuse(text: str) -> bool:
        asked.append(text)
        return False

    with pytest.raises(EngineHung) as error:
        restarted(site, Questions(refuse), mac.said.append, HUNG)
    assert error.value.message == "boot2docker boot2docker-vm runs and its ssh does not answer"
    assert asked[0].startswith("boot2docker boot2docker-vm runs and its ssh does not answer. Restart it (`")


LS = "vb\t-\tvirtualbox\t{}\t{}\t\n"


@pytest.mark.parametrize("state", ["Running", "Timeout"])
def test_a_machine_of_which_its_tool_does_not_know_yet_is_asked_for_again(mac: Mac, state: str) -> None:
    """`Timeout` is no state that a machine would be started from."""
    mac.commands.on("docker-machine ls", LS.format("Timeout", "")).on("docker-machine status", f"{state}\n")
    mac.commands.on("docker-machine inspect", '{"DriverName": "virtualbox", "HostOptions": {"AuthOptions": {}}}')
    site = mac.site(Owner("docker-machine", "vb"), "docker-machine")
    (machine,) = docker_machine.machines(mac.commands)
    site = replace(site, located=replace(site.located, endpoint=nowhere(machine), machine=machine))

    def emit(event: Event) -> None:
        mac.said.append(event)
        if isinstance(event, Progress):
            mac.commands.on("docker-machine ls", LS.format("Running", "tcp://192.168.99.100:2376"))

    site = started(site, Questions(), emit, ABSENT)
    assert site.endpoint.host == "tcp://192.168.99.100:2376"
    assert not [line for line in mac.commands.lines if "start" in line]
    assert Began("wait for docker-machine vb") in mac.said


@pytest.mark.parametrize(
    ("status", "message", "hint"),
    [
        (
            "Running",
            "colima default hangs: took the call and did not answer",
            "`dfdev machine restart`, then `dfdev up`",
        ),
        ("Stopped", "colima default is stopped", "`dfdev up` starts it"),
    ],
)
def test_an_engine_that_falls_silent_in_the_middle(mac: Mac, status: str, message: str, hint: str) -> None:
    """In one sentence, whatever the other steps that were under way said."""
    mac.profiles["default"] = status
    hung = EngineHung(
        "took the call and did not answer", "restart the engine", details=("also: the same", "also: again")
    )
    told = fell_silent(mac.site(COLIMA), hung)
    assert (told.message, told.details) == (message, ()) and told.hint.startswith(hint)


def test_an_engine_of_this_host_that_falls_silent_is_told_as_it_is(mac: Mac) -> None:
    assert fell_silent(mac.site(Owner("native")), HUNG) is HUNG


class Denied(FakeEngine):
    def date(self, seconds: float | None = None) -> None:
        raise EngineDenied("no permission", "usermod")


def test_a_socket_that_is_not_ours_to_open_is_no_reason_to_start_anything(mac: Mac) -> None:
    with pytest.raises(EngineDenied):
        arrive(replace(mac.site(COLIMA), engine=Denied()), Questions(), mac.said.append)
    assert mac.commands.lines == []


INFO = '{{"Name": "boot2docker-vm", "State": "{}"}}'


def test_a_machine_that_gets_its_address_with_its_start(mac: Mac) -> None:
    """boot2docker; meanwhile somebody else's engine answers where dfdev would have looked before."""
    mac.commands.on("boot2docker info", INFO.format("poweroff"))
    machine = Machine("boot2docker", "boot2docker-vm", "stopped", "poweroff")
    site = mac.site(Owner("boot2docker", "boot2docker-vm"), "boot2docker")
    site = replace(site, located=replace(site.located, endpoint=nowhere(machine), machine=machine))
    with forwarded(mac.engine) as port:

        def up(call: Call) -> Ran:
            mac.commands.on("boot2docker info", INFO.format("running"))
            mac.commands.on("boot2docker shellinit", f"export DOCKER_HOST=tcp://127.0.0.1:{port}\n")
            return Ran(call.argv, 0, "Started.\n")

        mac.commands.reply("boot2docker up", up)
        found = started(site, Questions(), mac.said.append, ABSENT)
        found.engine.date()
        found.engine.close()
    assert found.endpoint.host == f"tcp://127.0.0.1:{port}"
    assert Notice("boot2docker boot2docker-vm is poweroff: starting it") in mac.said
