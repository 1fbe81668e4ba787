"""Docker Desktop: with its plug-in, without it, and its two settings files."""

from __future__ import annotations

from pathlib import Path

import pytest

from dfdev.core.machine import Machine, Share
from dfdev.machines import docker_desktop as desktop
from tests.fakes.commands import FakeCommands
from tests.unit.machines.recorded import recorded

DEFAULTS = tuple(Share(path) for path in ("/Users", "/Volumes", "/private", "/tmp", "/var/folders"))


def look(commands: FakeCommands, platform: str = "darwin") -> Machine:
    (found,) = desktop.machines(commands, platform)
    return found


@pytest.mark.parametrize(
    ("name", "state", "word"), [("status", "running", "running"), ("status-warned", "starting", "starting")]
)
def test_the_plug_in_tells(name: str, state: str, word: str) -> None:
    found = look(FakeCommands().on("docker desktop status", recorded(f"docker-desktop/{name}")))
    assert (found.state, found.word) == (state, word)
    assert found.host == "unix:///Users/me/.docker/run/docker.sock"
    assert found.shares == DEFAULTS
    assert desktop.start(found) == [("docker", "desktop", "start")]
    assert desktop.restart(found) == [("docker", "desktop", "restart")]


@pytest.mark.parametrize(
    ("status", "state"),
    [("Paused", "paused"), ("STOPPED", "stopped"), ("stopping", "stopping"), ("terminated", "unknown")],
)
def test_words_in_any_case(status: str, state: str) -> None:
    assert desktop.parse_status(f'{{"STATUS": "{status}"}}') == (state, status)


def test_not_running_is_stopped() -> None:
    commands = FakeCommands().on("docker desktop status", err="Docker Desktop is not running\n", code=1)
    assert look(commands).state == "stopped"


@pytest.mark.parametrize("answer", [("", "docker-desktop/no-plugin", 1), ("not json", "", 0)])
def test_without_the_plug_in_a_socket_is_only_a_hint(tmp_path: Path, answer: tuple[str, str, int]) -> None:
    out, err, code = answer
    commands = FakeCommands({"HOME": str(tmp_path)})
    commands.on("docker desktop status", out, recorded(err) if err else "", code)
    assert (look(commands).state, look(commands).word) == ("unknown", "its socket is not there")
    (tmp_path / ".docker" / "run").mkdir(parents=True)
    (tmp_path / ".docker" / "run" / "docker.sock").touch()
    found = look(commands)
    assert (found.state, found.word) == ("unknown", "its socket is there")
    assert desktop.start(found, "darwin") == [("open", "-a", "Docker")]
    assert desktop.restart(found, "darwin")[0][0] == "osascript"
    assert desktop.start(found, "linux") == [("systemctl", "--user", "start", "docker-desktop")]
    assert desktop.stop(found, "linux") == [("systemctl", "--user", "stop", "docker-desktop")]


def test_without_the_docker_command_and_with_one_that_hangs() -> None:
    assert look(FakeCommands()).state == "unknown"
    assert look(FakeCommands().late("docker desktop status")).state == "unknown"


def test_installed_is_the_application(tmp_path: Path) -> None:
    commands = FakeCommands({"HOME": str(tmp_path)}).on("docker", "")
    assert desktop.installed(commands, "darwin") == ""
    assert desktop.installed(commands, "linux") == ""
    (tmp_path / "Applications" / "Docker.app").mkdir(parents=True)
    (tmp_path / ".docker" / "desktop").mkdir(parents=True)
    assert desktop.installed(commands, "darwin") == f"{tmp_path}/Applications/Docker.app"
    assert desktop.installed(commands, "linux") == f"{tmp_path}/.docker/desktop"


def test_shares_of_both_settings_files(tmp_path: Path) -> None:
    commands = FakeCommands({"HOME": str(tmp_path), "TMPDIR": "/var/folders/x/T/"})
    commands.on("docker desktop status", recorded("docker-desktop/status"))
    folder = tmp_path / "Library" / "Group Containers" / "group.com.docker"
    folder.mkdir(parents=True)
    (folder / "settings.json").write_text(recorded("docker-desktop/settings"))
    assert look(commands).shares == (Share("/Users"), Share("/opt/code"))
    (folder / "settings-store.json").write_text(recorded("docker-desktop/settings-store"))
    assert look(commands).shares == tuple(
        Share(path) for path in ("/Users", "/Volumes", f"{tmp_path}/code", "/var/folders/x/T/dfdev")
    )


def test_a_store_without_the_list_means_the_default(tmp_path: Path) -> None:
    folder = tmp_path / "Library" / "Group Containers" / "group.com.docker"
    folder.mkdir(parents=True)
    (folder / "settings-store.json").write_text(recorded("docker-desktop/settings-store-short"))
    commands = FakeCommands({"HOME": str(tmp_path)})
    assert look(commands).shares == DEFAULTS
    assert look(commands, "linux").shares == (Share(str(tmp_path)),)
