"""docker-machine: the list in our own format, certificates, drivers, shares."""

from __future__ import annotations

from pathlib import Path

import pytest

from dfdev.core.machine import Machine, Share
from dfdev.errors import MachineError
from dfdev.machines import docker_machine
from tests.fakes.commands import FakeCommands
from tests.unit.machines.recorded import recorded


def scripted(ls: str = "ls") -> FakeCommands:
    commands = FakeCommands().on(docker_machine.LIST, recorded(f"docker-machine/{ls}"))
    commands.on("docker-machine inspect", err="Host does not exist", code=1).late("docker-machine status")
    commands.on("docker-machine inspect default", recorded("docker-machine/inspect"))
    return commands.on("docker-machine inspect staging", recorded("docker-machine/inspect-old"))


def look(commands: FakeCommands, platform: str = "darwin") -> dict[str, Machine]:
    return {machine.name: machine for machine in docker_machine.machines(commands, platform)}


@pytest.mark.parametrize(
    ("status", "state", "word", "late"),
    [
        ("Running\n", "running", "does not answer `docker-machine ls` in time", True),
        ("Saved\n", "paused", "", False),
        ("Timeout\n", "unknown", "Timeout", True),
    ],
)
def test_a_timeout_is_no_state(status: str, state: str, word: str, late: bool) -> None:
    """The hypervisor alone is asked, which needs no login."""
    found = look(scripted().on("docker-machine status slow", status))["slow"]
    assert (found.state, found.word, found.late, found.host) == (state, word, late, "")


def test_states_and_words() -> None:
    found = look(scripted())
    assert found["slow"].late
    assert [(m.name, m.state, m.cloud) for m in found.values()] == [
        ("default", "running", False),
        ("old", "paused", False),
        ("fusion", "stopped", False),
        ("staging", "running", True),
        ("slow", "unknown", True),
        ("gone", "broken", True),
        ("sick", "running", False),
    ]
    assert found["slow"].word == "Timeout"
    assert found["gone"].word.startswith("driver not found")
    assert "x509" in found["sick"].word
    assert found["default"].default


def test_certificates() -> None:
    found = look(scripted())
    assert found["default"].certs == "/Users/me/.docker/machine/machines/default"
    assert found["staging"].certs == "/Users/me/.docker/machine/machines/staging"
    assert found["old"].certs == "/Users/me/.docker/machine/machines/old"
    assert found["default"].host == "tcp://192.168.99.100:2376"


def test_another_store() -> None:
    commands = FakeCommands({"HOME": "/Users/me", "MACHINE_STORAGE_PATH": "/store"})
    commands.on(docker_machine.LIST, recorded("docker-machine/ls-warned")).on("docker-machine inspect", code=1)
    assert look(commands)["old"].certs == "/store/machines/old"


@pytest.mark.parametrize(
    ("driver", "platform", "shares"),
    [
        ('"DriverName": "virtualbox"', "darwin", (Share("/Users"),)),
        ('"DriverName": "virtualbox"', "linux", ()),
        ('"DriverName": "virtualbox", "Driver": {"NoShare": true}', "darwin", ()),
        ('"DriverName": "virtualbox", "Driver": {"ShareFolder": "/opt/code:opt/code"}', "linux", (Share("/opt/code"),)),
        ('"DriverName": "virtualbox", "Driver": {"ShareFolder": "/opt/code:code"}', "darwin", ()),
        ('"DriverName": "xhyve"', "darwin", None),
        ('"DriverName": "kvm"', "linux", None),
    ],
)
def test_shares(driver: str, platform: str, shares: tuple[Share, ...] | None) -> None:
    assert docker_machine.parse_inspect(f"{{{driver}}}", "x", platform).shares == shares


def test_a_store_path_that_is_the_machines_own() -> None:
    text = '{"HostOptions": {"AuthOptions": {"StorePath": "/store/machines/x"}}}'
    assert docker_machine.parse_inspect(text, "x", "darwin").certs == "/store/machines/x"


def test_old_versions_print_a_table() -> None:
    commands = FakeCommands().on("docker-machine ls", recorded("docker-machine/ls-table"))
    commands.on(docker_machine.LIST, recorded("docker-machine/ls-no-format"), code=1)
    commands.on("docker-machine inspect", code=1)
    found = look(commands)
    assert [(m.name, m.state, m.host, m.cloud) for m in found.values()] == [
        ("default", "running", "tcp://192.168.99.100:2376", False),
        ("dev", "stopped", "", False),
        ("far", "unknown", "", True),
    ]


def test_no_machines() -> None:
    assert docker_machine.parse_list("") == []
    assert docker_machine.parse_table("NAME   ACTIVE   DRIVER   STATE   URL\n") == []
    assert docker_machine.parse_table("") == []


def test_a_table_that_is_none() -> None:
    with pytest.raises(MachineError, match="`docker-machine ls` did not print its table, but: Segmentation fault"):
        docker_machine.parse_table("Segmentation fault\n")


def test_other_failures() -> None:
    with pytest.raises(MachineError, match="failed: cannot read the store"):
        look(FakeCommands().on("docker-machine", err="cannot read the store\n", code=1))


def test_a_cloud_machine_keeps_its_clock() -> None:
    assert not docker_machine.capabilities(Machine("docker-machine", cloud=True)).set_clock
    assert docker_machine.capabilities(Machine("docker-machine")).set_clock


@pytest.mark.parametrize(
    ("driver", "url", "ip", "cloud", "perhaps"),
    [
        ("generic", "tcp://127.0.0.1:25376", "127.0.0.1", False, False),
        ("generic", "tcp://localhost:25376", "", False, False),
        ("generic", "tcp://[::1]:25376", "", False, False),
        ("generic", "tcp://192.168.1.20:2376", "192.168.1.20", True, True),
        ("generic", "", "10.0.2.15", True, True),
        ("generic", "tcp://vb.example.com:2376", "vb.example.com", True, False),
        ("generic", "tcp://104.236.9.119:2376", "", True, False),
        ("digitalocean", "tcp://104.236.9.119:2376", "104.236.9.119", True, False),
        ("virtualbox", "tcp://192.168.99.100:2376", "192.168.99.100", False, False),
        ("generic", "", "", True, False),
    ],
)
def test_where_a_machine_is(driver: str, url: str, ip: str, cloud: bool, perhaps: bool) -> None:
    """`generic` tells nothing of where it is but its address."""
    commands = FakeCommands().on(docker_machine.LIST, f"vb\t-\t{driver}\tRunning\t{url}\t\n")
    inspected = f'{{"DriverName": "{driver}", "Driver": {{"IPAddress": "{ip}"}}}}'
    found = look(commands.on("docker-machine inspect vb", inspected))["vb"]
    assert (found.cloud, found.perhaps_here, found.driver) == (cloud, perhaps, driver)


def test_generic_starts_nothing_and_reboots() -> None:
    """drivers/generic: "generic driver does not support start", stop and kill neither."""
    machine = Machine("docker-machine", "vb", driver="generic")
    assert not docker_machine.capabilities(machine).start and docker_machine.capabilities(machine).root_shell
    assert (docker_machine.start(machine), docker_machine.stop(machine)) == ((), ())
    assert docker_machine.restart(machine) == [("docker-machine", "restart", "vb")]
    assert "sharedfolder" not in docker_machine.share_hint(machine, "/opt/code")


def test_hints(tmp_path: Path) -> None:
    hint = docker_machine.share_hint(Machine("docker-machine", "dev"), "/opt/code")
    assert "VBoxManage sharedfolder add dev --name code --hostpath /opt/code" in hint
    assert "docker-machine ssh dev 'sudo mkdir -p /opt/code && sudo mount -t vboxsf code /opt/code'" in hint
    spaces = docker_machine.share_hint(Machine("docker-machine", "dev"), "/opt/my code")
    assert "--name my-code --hostpath '/opt/my code'" in spaces
    assert "another host" in docker_machine.share_hint(Machine("docker-machine", "dev", cloud=True), "/opt/code")
