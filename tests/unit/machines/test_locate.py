"""Which engine a command talks to: the environment, docker's configuration, dfdev.toml, and the machines there are."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from dfdev.core.machine import Machine
from dfdev.core.observed import EngineInfo
from dfdev.core.providers import Owner
from dfdev.engine.endpoint import Endpoint
from dfdev.errors import EngineAbsent, EngineError, MachineError
from dfdev.machines.catalog import NAMES
from dfdev.machines.choose import Choice, Several
from dfdev.machines.locate import Located, locate, looked_at, nowhere, settled
from dfdev.machines.survey import Found
from dfdev.system.commands import Commands
from tests.fakes.commands import FakeCommands

SOCKET = "unix:///var/run/docker.sock"
COLIMA = Machine("colima", "default", "running", host="unix:///Users/me/.colima/default/docker.sock", default=True)
WORK = Machine("colima", "work", "stopped", host="unix:///Users/me/.colima/work/docker.sock")
ORB = Machine("orbstack", "", "running", host="unix:///Users/me/.orbstack/run/docker.sock", default=True)
B2D = Machine("boot2docker", "boot2docker-vm", "stopped", "poweroff", default=True)


@dataclass
class Mac:
    """A computer with these machines. `socket`: whether the default one is there; `asked`: whose tools were."""

    home: Path
    machines: Sequence[Machine] = ()
    socket: bool = False
    platform: str = "darwin"
    environ: Mapping[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    offered: list[Several] = field(default_factory=list)

    def context(self, name: str, host: str, *, current: bool = True) -> Mac:
        folder = self.home / ".docker" / "contexts" / "meta" / hashlib.sha256(name.encode()).hexdigest()
        folder.mkdir(parents=True)
        meta = {"Name": name, "Metadata": {}, "Endpoints": {"docker": {"Host": host, "SkipTLSVerify": False}}}
        (folder / "meta.json").write_text(json.dumps(meta))
        if current:
            (self.home / ".docker" / "config.json").write_text(json.dumps({"currentContext": name}))
        return self

    def locate(self, provider: str = "auto", profile: str = "", *, pick: int | None = None) -> Located:
        def look(located: Located, _commands: Commands) -> list[Found]:
            names = looked_at(located)
            self.asked += names
            return [Found(name, self._path(name), self._of(name)) for name in names]

        def picked(several: Several) -> Choice:
            self.offered.append(several)
            return Choice(several.machines[pick or 0], "chosen just now")

        commands = FakeCommands({"HOME": str(self.home), **self.environ})
        return locate(
            commands,
            provider,
            profile,
            picked if pick is not None else None,
            platform=self.platform,
            there=lambda _path: self.socket,
            look=look,
            ask=self._ask,
        )

    def _ask(self, _endpoint: Endpoint, _seconds: float) -> str:
        raise EngineAbsent("no Docker engine", "start it")

    def _of(self, name: str) -> tuple[Machine, ...]:
        return tuple(machine for machine in self.machines if machine.provider == name)

    def _path(self, name: str) -> str:
        return f"/bin/{name}" if self._of(name) else ""


# -- the docker CLI's own choice, without asking any tool


@pytest.mark.parametrize(
    ("host", "owner"),
    [
        (COLIMA.host, "colima"),
        (ORB.host, "orbstack"),
        ("tcp://192.168.59.103:2376", "boot2docker"),
        ("tcp://10.0.0.5:2376", "remote"),
        ("ssh://me@build", "remote"),
        ("tcp://127.0.0.1:2375", None),
        ("unix:///elsewhere/docker.sock", None),
    ],
)
@pytest.mark.parametrize("by", ["DOCKER_HOST", "context"])
def test_what_docker_itself_would_use(tmp_path: Path, host: str, owner: str | None, by: str) -> None:
    mac = Mac(tmp_path, [COLIMA, ORB])
    if by == "context":
        mac.context("mine", host)
    else:
        mac.environ = {"DOCKER_HOST": host}
    found = mac.locate()
    assert (found.endpoint.host, found.owner and found.owner.provider) == (host, owner)
    assert mac.asked == [] and found.machine is None and found.shadows == ()


@pytest.mark.parametrize("platform", ["darwin", "linux"])
def test_the_default_socket_where_there_is_one(tmp_path: Path, platform: str) -> None:
    mac = Mac(tmp_path, [COLIMA], socket=True, platform=platform)
    assert mac.locate().endpoint.host == SOCKET
    assert mac.asked == []


def test_docker_host_goes_before_every_context(tmp_path: Path) -> None:
    mac = Mac(tmp_path, environ={"DOCKER_HOST": ORB.host, "DOCKER_CONTEXT": "mine"}).context("mine", COLIMA.host)
    assert mac.locate().endpoint.host == ORB.host


def test_a_context_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(EngineError):
        Mac(tmp_path, [COLIMA], environ={"DOCKER_CONTEXT": "gone"}).locate()


# -- nothing named, and no default socket


@pytest.mark.parametrize("platform", ["darwin", "linux"])
@pytest.mark.parametrize("machine", [COLIMA, ORB, replace(WORK, default=True)])
def test_the_only_machine_there_is(tmp_path: Path, platform: str, machine: Machine) -> None:
    mac = Mac(tmp_path, [machine], platform=platform)
    found = mac.locate()
    assert (found.endpoint.host, found.machine) == (machine.host, machine)
    assert found.owner == Owner(machine.provider, machine.name, found.owner.why if found.owner else "")
    assert mac.asked == list(NAMES)


def test_the_first_in_order_where_nobody_can_be_asked(tmp_path: Path) -> None:
    assert Mac(tmp_path, [COLIMA, ORB]).locate().machine == ORB


def test_whoever_can_be_asked_chooses(tmp_path: Path) -> None:
    mac = Mac(tmp_path, [COLIMA, ORB])
    assert mac.locate(pick=1).machine == COLIMA
    assert mac.offered[0].machines == (ORB, COLIMA)


def test_nothing_at_all_on_a_mac_says_what_to_type(tmp_path: Path) -> None:
    with pytest.raises(MachineError, match="there is no Docker engine here") as error:
        Mac(tmp_path).locate()
    assert "brew install colima" in error.value.hint


def test_nothing_at_all_on_linux_is_left_to_the_engine_that_is_absent(tmp_path: Path) -> None:
    found = Mac(tmp_path, platform="linux").locate()
    assert (found.endpoint.host, found.owner) == (SOCKET, None)


# -- dfdev.toml names a provider


@pytest.mark.parametrize("profile", ["", "default"])
def test_no_tool_where_docker_would_use_the_same(tmp_path: Path, profile: str) -> None:
    mac = Mac(tmp_path, [COLIMA]).context("colima", COLIMA.host)
    assert mac.locate("colima", profile).endpoint.host == COLIMA.host
    assert mac.asked == []


@pytest.mark.parametrize("socket", [True, False])
def test_the_file_goes_before_the_default_socket(tmp_path: Path, socket: bool) -> None:
    mac = Mac(tmp_path, [COLIMA, ORB], socket=socket)
    found = mac.locate("colima")
    assert (found.endpoint.host, found.shadows, mac.asked) == (COLIMA.host, (), ["colima"])


def test_the_file_goes_before_the_current_context_and_says_so(tmp_path: Path) -> None:
    found = Mac(tmp_path, [COLIMA, ORB]).context("orbstack", ORB.host).locate("colima")
    assert found.endpoint.host == COLIMA.host
    assert found.shadows[0].startswith("plain `docker` uses unix:///Users/me/.orbstack")


@pytest.mark.parametrize("environ", [{"DOCKER_HOST": ORB.host}, {"DOCKER_CONTEXT": "orbstack"}])
def test_the_environment_goes_before_the_file_and_says_so(tmp_path: Path, environ: Mapping[str, str]) -> None:
    mac = Mac(tmp_path, [COLIMA, ORB], environ=environ).context("orbstack", ORB.host)
    found = mac.locate("colima")
    assert found.endpoint.host == ORB.host
    assert f"{next(iter(environ))} is set and wins over colima of dfdev.toml" in found.shadows[0]


def test_a_profile(tmp_path: Path) -> None:
    mac = Mac(tmp_path, [COLIMA, WORK]).context("colima", COLIMA.host)
    assert mac.locate("colima", "work").machine == WORK


@pytest.mark.parametrize("platform", ["darwin", "linux"])
def test_what_is_named_and_not_installed_is_an_error(tmp_path: Path, platform: str) -> None:
    with pytest.raises(MachineError, match="wants Colima, which is not installed"):
        Mac(tmp_path, [ORB], socket=True, platform=platform).locate("colima")


@pytest.mark.parametrize("provider", ["ssh", "remote"])
def test_another_host_by_its_profile_asks_no_tool(tmp_path: Path, provider: str) -> None:
    mac = Mac(tmp_path, [COLIMA, ORB], socket=True)
    found = mac.locate(provider, "me@build")
    assert (found.endpoint.host, mac.asked) == ("ssh://me@build", [])
    assert found.owner is not None and found.owner.provider == "remote"


def test_another_host_that_nobody_names(tmp_path: Path) -> None:
    with pytest.raises(MachineError, match="nothing names the host"):
        Mac(tmp_path, [COLIMA], socket=True).locate("ssh")


@pytest.mark.parametrize("socket", [True, False])
def test_a_machine_without_an_address_is_not_somebody_else_s_engine(tmp_path: Path, socket: bool) -> None:
    """boot2docker is stopped, and Docker Desktop answers at the default socket."""
    found = Mac(tmp_path, [B2D], socket=socket).locate("boot2docker")
    assert found.endpoint == nowhere(B2D)
    assert "boot2docker boot2docker-vm is stopped, it has no address" in str(found.endpoint)
    assert found.machine == B2D


def test_its_own_old_address_stays(tmp_path: Path) -> None:
    mac = Mac(tmp_path, [B2D], environ={"DOCKER_HOST": "tcp://192.168.59.103:2376"})
    assert mac.locate("boot2docker", "boot2docker-vm").endpoint.host == "tcp://192.168.59.103:2376"


def test_the_certificates_of_a_machine(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").touch()
    machine = Machine("docker-machine", "dev", "running", host="tcp://192.168.99.100:2376", certs=str(tmp_path))
    tls = Mac(tmp_path, [machine]).locate("docker-machine").endpoint.tls
    assert tls is not None and (tls.folder, tls.ca) == (str(tmp_path), str(tmp_path / "ca.pem"))


def test_the_same_address_keeps_its_certificates(tmp_path: Path) -> None:
    endpoint = Endpoint("tcp://192.168.99.100:2376", "DOCKER_HOST")
    machine = Machine("docker-machine", "dev", "running", host=endpoint.host, certs="/elsewhere")
    assert settled(Located(endpoint, None), Choice(machine, "x")).endpoint is endpoint


# -- whose tools are asked


@pytest.mark.parametrize(
    ("provider", "owner", "names"),
    [
        ("auto", None, NAMES),
        ("auto", "native", NAMES),
        ("auto", "colima", ("colima",)),
        ("colima", None, ("colima",)),
        ("colima", "orbstack", ("colima",)),
        ("ssh", None, ()),
        ("ssh", "remote", ("remote",)),
        ("ssh", "colima", ("colima",)),
    ],
)
def test_whose_tools_are_asked(provider: str, owner: str | None, names: tuple[str, ...]) -> None:
    located = Located(Endpoint(SOCKET, "default socket"), Owner(owner) if owner else None, provider)
    assert tuple(looked_at(located)) == names


# -- whose engine it is


UBUNTU = EngineInfo("28.5.2", "1.45", "Ubuntu 24.04", "somebody")


@pytest.mark.parametrize(
    ("info", "provider"),
    [
        (replace(UBUNTU, os="Docker Desktop"), "docker-desktop"),
        (replace(UBUNTU, name="colima"), "colima"),
        (replace(UBUNTU, native=True), "native"),
        (UBUNTU, "remote"),
    ],
)
def test_the_engine_tells_where_the_address_does_not(info: EngineInfo, provider: str) -> None:
    assert Located(Endpoint("tcp://127.0.0.1:1", "DOCKER_HOST"), None).whose(info).provider == provider


def test_the_address_counts_more() -> None:
    owner = Owner("colima", "work")
    assert Located(Endpoint(WORK.host, "x"), owner).whose(replace(UBUNTU, os="Docker Desktop")) == owner


def test_nobody_answers_at_an_address_that_does_not_tell() -> None:
    assert Located(Endpoint("tcp://127.0.0.1:1", "DOCKER_HOST"), None).whose(None).provider == "remote"
