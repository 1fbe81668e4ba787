"""Where an engine runs: what its tool tells, once, and what the machine itself shows."""

from __future__ import annotations

from typing import cast

import pytest

from dfdev.core.machine import Machine, Share
from dfdev.core.providers import Owner
from dfdev.errors import MachineError
from dfdev.machines.place import Place, pick
from dfdev.system.commands import CommandMissing
from dfdev.system.dialogue import Dialogue
from tests.fakes.commands import FakeCommands
from tests.fakes.shell import FakeShell

HOST = "unix:///Users/me/.colima/default/docker.sock"
COLIMA = Owner("colima", "default")
TWO = '{"name":"default","status":"Running","runtime":"docker"}\n{"name":"work","status":"Stopped"}\n'


def colima(out: str = TWO, err: str = "", code: int = 0) -> FakeCommands:
    return FakeCommands().on("colima list --json", out, err, code)


class Rooted(Place):
    """With the test's root shell."""

    def __init__(self, machine: Machine, shell: FakeShell | None) -> None:
        super().__init__(Owner(machine.provider, machine.name), HOST, FakeCommands(), machine)
        self._shell = shell

    @property
    def has_root(self) -> bool:
        return True

    def open_root(self) -> Dialogue:
        if self._shell is None:
            raise CommandMissing("there is no command colima here", "install it")
        return cast(Dialogue, self._shell)


# -- its commands


@pytest.mark.parametrize("said", ['Machine "vb" is already running.\n', "already running\n"])
def test_a_machine_that_runs_already_was_started(said: str) -> None:
    commands = (
        FakeCommands().on("docker-machine start vb", err=said, code=1).on("docker-machine stop vb", err=said, code=1)
    )
    place = Place(Owner("docker-machine", "vb"), "", commands, Machine("docker-machine", "vb"))
    place.run_in_order([("docker-machine", "start", "vb")], 10)
    with pytest.raises(MachineError, match="already running"):
        place.run_in_order([("docker-machine", "stop", "vb")], 10)


# -- the machine


def test_the_tool_is_asked_once() -> None:
    commands = colima()
    place = Place(COLIMA, HOST, commands)
    assert (place.machine.state, place.machine.name) == ("running", "default")
    assert place.machine is place.machine
    assert commands.lines.count("colima list --json") == 1


def test_a_machine_that_is_known_is_not_asked_for() -> None:
    known = Machine("colima", "default", "stopped")
    assert Place(COLIMA, HOST, colima(), known).machine is known


@pytest.mark.parametrize(
    ("commands", "word"),
    [
        (FakeCommands(), ""),  # not installed
        (colima('{"name":"other","status":"Running"}\n{"name":"third","status":"Running"}\n'), ""),  # not in the list
        (colima("nonsense"), "colima list --json"),
        (colima("", "no lima\n", 1), "no lima"),
        (FakeCommands().late("colima list --json"), "did not end"),
    ],
    ids=["missing", "unlisted", "nonsense", "failing", "late"],
)
def test_what_is_known_without_the_tool(commands: FakeCommands, word: str) -> None:
    machine = Place(COLIMA, "unix:///elsewhere", commands).machine
    assert (machine.provider, machine.name, machine.host, machine.state) == (
        "colima",
        "default",
        "unix:///elsewhere",
        "unknown",
    )
    assert word in machine.word


A = Machine("podman", "a", host="unix:///a")
B = Machine("podman", "b", host="unix:///b", default=True)
NAMELESS = Machine("orbstack")


@pytest.mark.parametrize(
    ("machines", "name", "host", "found"),
    [
        ([A, B], "a", "unix:///b", A),  # the name counts before the address
        ([A, B], "", "unix:///a", A),
        ([A, B], "gone", "unix:///a", A),
        ([A, B], "", "unix:///x", B),  # the default
        ([A, B], "gone", "unix:///x", None),
        ([A], "", "unix:///x", A),  # the only one
        ([A], "gone", "unix:///x", None),
        ([NAMELESS], "", "", NAMELESS),
        ([A, Machine("podman", "c")], "", "", None),
        ([], "", "", None),
    ],
)
def test_which_of_its_machines(machines: list[Machine], name: str, host: str, found: Machine | None) -> None:
    assert pick(machines, name, host) == found


# -- what can be done


@pytest.mark.parametrize(
    ("provider", "machine", "here", "can_set"),
    [
        ("colima", Machine("colima", "default"), True, True),
        ("docker-desktop", Machine("docker-desktop"), True, True),
        ("docker-machine", Machine("docker-machine", "dev"), True, True),
        ("docker-machine", Machine("docker-machine", "ec2", cloud=True), True, False),
        ("native", Machine("native"), False, False),
        ("remote", Machine("remote", "build"), False, False),
    ],
)
def test_whose_clock_can_be_set(provider: str, machine: Machine, here: bool, can_set: bool) -> None:
    place = Place(Owner(provider, machine.name), HOST, FakeCommands(), machine)
    assert (place.here, place.can_set_clock) == (here, can_set)


@pytest.mark.parametrize(
    ("perhaps", "local", "can_set"), [(True, True, True), (True, False, False), (False, True, False)]
)
def test_local_is_said_of_a_machine_that_may_be_here(perhaps: bool, local: bool, can_set: bool) -> None:
    """Of one that is known to be elsewhere nobody can say it."""
    machine = Machine("docker-machine", "vb", cloud=True, perhaps_here=perhaps)
    place = Place(Owner("docker-machine", "vb"), "", FakeCommands(), machine, local=local)
    assert (place.can_set_clock, place.machine.cloud) == (can_set, not can_set)


@pytest.mark.parametrize(
    ("owner", "commands", "root"),
    [
        (COLIMA, colima(), True),
        (COLIMA, FakeCommands(), False),  # no colima to go through
        (Owner("docker-desktop"), FakeCommands(), False),
        (Owner("native"), FakeCommands(), False),
        (Owner("remote", "build"), FakeCommands(), False),
    ],
)
def test_a_root_shell_needs_the_tool(owner: Owner, commands: FakeCommands, root: bool) -> None:
    assert Place(owner, HOST, commands).has_root is root


def test_a_provider_that_nobody_knows_is_an_error() -> None:
    place = Place(Owner("vagrant"), HOST, FakeCommands())
    for ask in (lambda: place.provider, lambda: place.machine, lambda: place.can_set_clock, lambda: place.has_root):
        with pytest.raises(MachineError, match="no provider is called vagrant"):
            ask()


def test_labels() -> None:
    assert [Place(o, HOST, FakeCommands()).label for o in (COLIMA, Owner("orbstack"))] == ["colima default", "orbstack"]


# -- what it shares

MOUNTS = "mount0 /Users/me virtiofs rw 0 0\nmount1 /opt/code 9p ro 0 0\nproc /proc proc rw 0 0\n"
SEEN = (Share("/Users/me"), Share("/opt/code", writable=False))


@pytest.mark.parametrize(
    ("told", "mounts", "shares"),
    [
        ((Share("/Users"),), MOUNTS, (*SEEN, Share("/Users"))),
        (None, MOUNTS, SEEN),
        ((), MOUNTS, SEEN),
        (None, "", None),  # nobody knows
        (None, "proc /proc proc rw 0 0\n", None),
        ((), "", ()),
        ((Share("/Users"),), "", (Share("/Users"),)),
    ],
)
def test_what_is_told_and_what_is_mounted(
    told: tuple[Share, ...] | None, mounts: str, shares: tuple[Share, ...] | None
) -> None:
    shell = FakeShell().on("cat /proc/mounts", mounts)
    assert Rooted(Machine("colima", "default", shares=told), shell).shares() == shares
    assert shell.closed == 1


def test_without_a_root_shell_only_what_is_told() -> None:
    told = (Share("/Users"),)
    assert Place(COLIMA, HOST, FakeCommands(), Machine("colima", "default", shares=told)).shares() == told


@pytest.mark.parametrize("shell", [None, FakeShell().late("mounts"), FakeShell().ends("mounts", "connection lost")])
def test_a_look_that_failed_is_no_finding(shell: FakeShell | None) -> None:
    """The machine may have fallen asleep meanwhile: what it has mounted is not known."""
    assert Rooted(Machine("colima", "default", shares=()), shell).shares() is None


# -- its commands


def test_commands_run_in_order_until_one_fails() -> None:
    commands = (
        FakeCommands().on("colima stop", "stopping\n").on("colima start", "", "boom\nno disk\n", 1).on("colima up")
    )
    lines: list[str] = []
    place = Place(COLIMA, HOST, commands)
    with pytest.raises(MachineError) as error:
        place.run_in_order([("colima", "stop", "x"), ("colima", "start", "x"), ("colima", "up")], 5, lines.append)
    assert error.value.message == "`colima start x` failed: no disk"
    assert error.value.hint == "run `colima start x` by hand to see more"
    assert commands.lines == ["colima stop x", "colima start x"]
    assert lines == ["stopping", "boom", "no disk"]


def test_a_command_that_never_ends() -> None:
    with pytest.raises(MachineError, match=r"`colima start x` did not end within 5 s"):
        Place(COLIMA, HOST, FakeCommands().late("colima start")).run_in_order([("colima", "start", "x")], 5)


def test_a_shell_of_a_tool_that_is_gone() -> None:
    with pytest.raises(CommandMissing, match="there is no command colima here"):
        Place(COLIMA, HOST, FakeCommands({"PATH": "/nonexistent", "HOME": "/h"})).open_root()
