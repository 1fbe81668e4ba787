"""boot2docker: its VM, its address and its certificates, in the words of 2014 and 2015."""

from __future__ import annotations

from pathlib import Path

import pytest

from dfdev.core.machine import Machine, Share
from dfdev.errors import MachineError
from dfdev.machines import boot2docker
from tests.fakes.commands import FakeCommands
from tests.unit.machines.recorded import recorded


def scripted(info: str = "info", shellinit: str = "shellinit") -> FakeCommands:
    commands = FakeCommands().on("boot2docker info", recorded(f"boot2docker/{info}"))
    return commands.on("boot2docker shellinit", recorded(f"boot2docker/{shellinit}"))


def test_running_with_tls() -> None:
    commands = scripted()
    (found,) = boot2docker.machines(commands, "darwin")
    assert (found.name, found.state, found.host, found.certs) == (
        "boot2docker-vm",
        "running",
        "tcp://192.168.59.103:2376",
        "/Users/me/.boot2docker/certs/boot2docker-vm",
    )
    assert found.shares == (Share("/Users"),)
    assert commands.calls[-1].env["SHELL"] == "/bin/sh"


@pytest.mark.parametrize(
    ("name", "host", "certs"),
    [
        ("shellinit-1.3.0", "tcp://192.168.59.103:2376", "/Users/me/.docker/boot2docker-vm"),
        ("shellinit-plain", "tcp://192.168.59.103:2375", ""),
        ("shellinit-fish", "tcp://192.168.59.103:2376", "/Users/me/my certs/boot2docker-vm"),
    ],
)
def test_shellinit(name: str, host: str, certs: str) -> None:
    assert boot2docker.parse_shellinit(recorded(f"boot2docker/{name}")) == (host, certs)


def test_a_saved_machine_is_paused_and_asked_nothing_more() -> None:
    commands = scripted("info-late")
    (found,) = boot2docker.machines(commands, "linux")
    assert (found.name, found.state, found.host, found.shares) == ("dev", "paused", "", ())
    assert commands.lines == ["boot2docker info"]


@pytest.mark.parametrize("said", ["no-vm", "no-vm-late"])
def test_no_vm_yet(said: str) -> None:
    commands = FakeCommands().on("boot2docker info", err=recorded(f"boot2docker/{said}"), code=1)
    assert boot2docker.machines(commands) == []


def test_without_virtualbox() -> None:
    with pytest.raises(MachineError, match="hypervisor installed"):
        boot2docker.machines(FakeCommands().on("boot2docker", err=recorded("boot2docker/no-virtualbox"), code=1))


def test_a_machine_that_does_not_answer_over_ssh(tmp_path: Path) -> None:
    """Its address alone, and the certificates that are there from before."""
    commands = FakeCommands({"HOME": str(tmp_path)}).on("boot2docker info", recorded("boot2docker/info"))
    commands.late("boot2docker shellinit").on("boot2docker ip", recorded("boot2docker/ip"))
    assert boot2docker.machines(commands)[0].host == "tcp://192.168.59.104:2375"
    certs = tmp_path / ".boot2docker" / "certs" / "boot2docker-vm"
    certs.mkdir(parents=True)
    (certs / "ca.pem").touch()
    (found,) = boot2docker.machines(commands)
    assert (found.host, found.certs) == ("tcp://192.168.59.104:2376", str(certs))
    commands.late("boot2docker ip")
    (hung,) = boot2docker.machines(commands)
    assert (hung.host, hung.state, hung.word, hung.hangs) == ("", "running", "its ssh does not answer", True)


UNPROTECTED = """@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
@         WARNING: UNPROTECTED PRIVATE KEY FILE!          @
@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
Permissions 0644 for '/Users/me/.ssh/id_boot2docker' are too open.
It is required that your private key files are NOT accessible by others.
This private key will be ignored.
docker@localhost: Permission denied (publickey,password).
"""
REFUSED = "ssh: connect to host localhost port 2022: Connection refused\n"


@pytest.mark.parametrize(
    ("err", "word"),
    [
        (UNPROTECTED, "its ssh says: Permissions 0644 for '/Users/me/.ssh/id_boot2docker' are too open."),
        (REFUSED, "its ssh says: ssh: connect to host localhost port 2022: Connection refused"),
        ("", "its ssh says: nothing"),
    ],
)
def test_a_machine_whose_ssh_lets_nobody_in_is_told_in_ssh_s_own_words(err: str, word: str) -> None:
    commands = FakeCommands().on("boot2docker info", recorded("boot2docker/info"))
    commands.on("boot2docker shellinit", err="error in run: Error requesting socket: exit status 255\n", code=1)
    commands.on("boot2docker ip", "", "\nFailed to get VM Host only IP address.\n")
    commands.on(
        "boot2docker config", 'VM = "boot2docker-vm"\nSSHKey = "/Users/me/.ssh/id_boot2docker"\nSSHPort = 2022\n'
    )
    commands.on("ssh", err=err, code=255)
    (found,) = boot2docker.machines(commands)
    assert (found.host, found.word, found.hangs) == ("", word, False)
    assert commands.calls[-1].argv[-6:] == (
        "-p", "2022", "-i", "/Users/me/.ssh/id_boot2docker", "docker@localhost", "true",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("word", "state"),
    [("poweroff", "stopped"), ("aborted", "stopped"), ("paused", "paused"), ("saved", "paused"), ("odd", "unknown")],
)
def test_states(word: str, state: str) -> None:
    assert boot2docker.parse_info(f'{{"State": "{word}"}}') == ("boot2docker-vm", state, word)


def test_another_vm_is_named() -> None:
    machine = Machine("boot2docker", "dev")
    assert boot2docker.start(machine) == [("boot2docker", "--vm=dev", "up")]
    assert boot2docker.root(machine) == ("boot2docker", "--vm=dev", "ssh", "sudo", "sh", "-s")


def test_the_hint() -> None:
    hint = boot2docker.share_hint(Machine("boot2docker", "boot2docker-vm"), "/opt/code")
    assert "boot2docker down && VBoxManage sharedfolder add boot2docker-vm --name code --hostpath /opt/code" in hint
