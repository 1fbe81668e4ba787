"""Colima: profiles, their sockets, their shares through Lima."""

from __future__ import annotations

from pathlib import Path

import pytest

from dfdev.core.machine import Machine, Share
from dfdev.errors import MachineError
from dfdev.machines import colima
from tests.fakes.commands import FakeCommands
from tests.unit.machines.recorded import recorded


def look(commands: FakeCommands) -> dict[str, Machine]:
    return {machine.name: machine for machine in colima.machines(commands)}


def test_profiles_without_limactl() -> None:
    found = look(FakeCommands().on("colima list --json", recorded("colima/list")))
    assert [(m.name, m.state, m.default) for m in found.values()] == [
        ("default", "running", True),
        ("work", "stopped", False),
        ("kube", "running", False),
        ("ctr", "broken", False),
        ("bad", "broken", False),
    ]
    assert found["default"].host == "unix:///Users/me/.config/colima/default/docker.sock"
    assert found["default"].shares == (Share("/Users/me"),)
    assert "containerd" in found["ctr"].word
    assert colima.capabilities(found["default"]).self_sync == 0.0


def test_limactl_tells_shares_and_version() -> None:
    commands = (
        FakeCommands()
        .on("colima list --json", recorded("colima/list"))
        .on("limactl list --json", recorded("colima/limactl"))
        .on("limactl --version", recorded("lima/version"))
    )
    found = look(commands)
    assert found["default"].shares == (Share("/Users/me"), Share("/Volumes/code"))
    assert found["work"].shares == (Share("/Users/me", writable=False),)
    assert found["kube"].shares == (Share("/Users/me"),)
    assert colima.capabilities(found["default"]).self_sync == 10.0
    assert commands.calls[1].env["LIMA_HOME"] == "/Users/me/.config/colima/_lima"


@pytest.mark.parametrize("answer", [{"err": "broken", "code": 1}, {"out": "no json"}])
def test_a_lima_that_fails_spoils_nothing(answer: dict[str, str]) -> None:
    commands = FakeCommands().on("colima list", recorded("colima/list")).on("limactl", **answer)  # type: ignore[arg-type]
    assert look(commands)["default"].shares == (Share("/Users/me"),)


@pytest.mark.parametrize("name", ["list-warned", "list-old"])
def test_older_outputs(name: str) -> None:
    profiles = colima.parse_list(recorded(f"colima/{name}"))
    assert profiles[0].name == "default"
    assert [profile.name for profile in profiles[1:]] in ([], ["work"])


def test_no_profile_yet() -> None:
    assert colima.machines(FakeCommands().on("colima list --json", "")) == []


def test_what_status_prints_for_a_stopped_machine_is_no_json() -> None:
    with pytest.raises(MachineError, match="`colima list --json` did not print"):
        colima.parse_list(recorded("colima/status-stopped"))


def test_where_its_folder_is(tmp_path: Path) -> None:
    environ = {"HOME": str(tmp_path)}
    assert colima.home(environ, "darwin") == f"{tmp_path}/.colima"
    assert colima.home(environ, "linux") == f"{tmp_path}/.config/colima"
    assert colima.home({**environ, "XDG_CONFIG_HOME": "/xdg"}, "darwin") == "/xdg/colima"
    (tmp_path / ".config" / "colima").mkdir(parents=True)
    assert colima.home(environ, "darwin") == f"{tmp_path}/.config/colima"
    (tmp_path / ".colima").mkdir()
    assert colima.home({**environ, "XDG_CONFIG_HOME": "/xdg"}, "darwin") == f"{tmp_path}/.colima"
    (tmp_path / "mine").mkdir()
    assert colima.home({**environ, "COLIMA_HOME": f"{tmp_path}/mine"}, "darwin") == f"{tmp_path}/mine"
    assert colima.home({**environ, "COLIMA_HOME": f"{tmp_path}/gone"}, "darwin") == f"{tmp_path}/.colima"


def test_the_old_socket_of_the_default_profile(tmp_path: Path) -> None:
    (tmp_path / ".colima").mkdir()
    (tmp_path / ".colima" / "docker.sock").touch()
    commands = FakeCommands({"HOME": str(tmp_path)}).on("colima list --json", recorded("colima/list-old"))
    found = look(commands)
    assert found["default"].host == f"unix://{tmp_path}/.colima/docker.sock"
    assert found["work"].host == f"unix://{tmp_path}/.colima/work/docker.sock"
    (tmp_path / ".colima" / "default").mkdir()
    (tmp_path / ".colima" / "default" / "docker.sock").touch()
    assert look(commands)["default"].host == f"unix://{tmp_path}/.colima/default/docker.sock"


def test_lima_home_is_obeyed_where_its_instances_are(tmp_path: Path) -> None:
    (tmp_path / "lima" / "colima").mkdir(parents=True)
    commands = (
        FakeCommands({"HOME": str(tmp_path), "LIMA_HOME": f"{tmp_path}/lima"})
        .on("colima list --json", recorded("colima/list"))
        .on("limactl list --json", recorded("colima/limactl"))
        .on("limactl --version", recorded("lima/version"))
    )
    colima.machines(commands)
    assert commands.calls[1].env["LIMA_HOME"] == f"{tmp_path}/lima"


def test_the_hint_keeps_what_is_shared_now() -> None:
    """`--mount` replaces the list: without the home folder in the line, it would be gone."""
    machine = Machine("colima", "work", shares=(Share("/Users/me"), Share("/opt/ro", writable=False)))
    assert colima.share_hint(machine, "/Volumes/my code").startswith(
        "`colima stop work && colima start work --mount /Users/me:w --mount /opt/ro --mount '/Volumes/my code:w'`"
    )
    assert "--mount /opt/ro:w`" in colima.share_hint(machine, "/opt/ro")
    assert "--mount /opt/ro -" not in colima.share_hint(machine, "/opt/ro")
