"""Rancher Desktop: the application's state, its engine, and its Lima inside the application."""

from __future__ import annotations

from pathlib import Path

import pytest

from dfdev.core.machine import Machine, Share
from dfdev.errors import MachineError
from dfdev.machines import rancher_desktop as rancher
from tests.fakes.commands import FakeCommands
from tests.unit.machines.recorded import recorded

STATE, SETTINGS = "rdctl api /v1/backend_state", "rdctl list-settings"


def look(commands: FakeCommands, platform: str = "darwin") -> Machine:
    (found,) = rancher.machines(commands, platform)
    return found


def test_running_with_moby() -> None:
    commands = FakeCommands().on(STATE, recorded("rancher-desktop/state-started"))
    found = look(commands.on(SETTINGS, recorded("rancher-desktop/settings")))
    assert (found.state, found.word, found.name, found.default) == ("running", "STARTED", "", True)
    assert found.host == "unix:///Users/me/.rd/docker.sock"
    assert found.shares == tuple(
        Share(path)
        for path in (
            "/Users/me",
            "/tmp/rancher-desktop",
            "/Volumes",
            "/var/folders",
            "/private/tmp",
            "/private/var/folders",
        )
    )


def test_containerd_is_no_docker() -> None:
    commands = FakeCommands().on(STATE, recorded("rancher-desktop/state-started"))
    found = look(commands.on(SETTINGS, recorded("rancher-desktop/settings-old")))
    assert found.state == "broken"
    assert "dockerd (moby)" in found.word
    assert "`rdctl set --container-engine.name=moby`" in found.word


def test_settings_that_fail_say_nothing_of_the_machine() -> None:
    commands = FakeCommands().on(STATE, recorded("rancher-desktop/state-started")).on(SETTINGS, code=1)
    assert look(commands).state == "running"


@pytest.mark.parametrize("said", ["closed", "never-opened"])
def test_a_closed_application_is_a_stopped_machine(said: str) -> None:
    found = look(FakeCommands().on(STATE, err=recorded(f"rancher-desktop/{said}"), code=1))
    assert (found.state, found.word) == ("stopped", "the application is not open")


def test_any_other_failure_is_one() -> None:
    with pytest.raises(MachineError, match="`rdctl api /v1/backend_state` failed: Error: 401"):
        look(FakeCommands().on(STATE, err="Error: 401 Unauthorized\n", code=1))


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("STOPPED", "stopped"),
        ("STARTING", "starting"),
        ("STOPPING", "stopping"),
        ("ERROR", "broken"),
        ("DISABLED", "stopped"),
        ("NEW", "unknown"),
    ],
)
def test_states(word: str, state: str) -> None:
    assert rancher.parse_state(f'{{"vmState":"{word}","locked":true}}') == (state, word)


def test_a_version_without_the_call() -> None:
    assert rancher.parse_state(recorded("rancher-desktop/state-old")) == ("unknown", "404 Not Found")


def test_the_lima_in_the_application_tells_shares_and_version(tmp_path: Path) -> None:
    resources = tmp_path / "Rancher Desktop.app" / "resources" / "darwin"
    limactl = resources / "lima" / "bin" / "limactl"
    for path in (limactl, resources / "bin" / "rdctl"):
        path.parent.mkdir(parents=True)
        path.touch()
    (tmp_path / "rdctl").symlink_to(resources / "bin" / "rdctl")
    commands = (
        FakeCommands()
        .at("rdctl", str(tmp_path / "rdctl"))
        .on(STATE, recorded("rancher-desktop/state-started"))
        .on(SETTINGS, recorded("rancher-desktop/settings"))
        .on([str(limactl), "--version"], "limactl version 2.1.2.rd1\n")
        .on([str(limactl), "list", "--json"], recorded("rancher-desktop/limactl"))
    )
    found = look(commands)
    assert found.shares is not None
    assert [share.path for share in found.shares] == ["/Users/me", "/tmp/rancher-desktop", "/Volumes", "/opt/code"]
    assert rancher.capabilities(found).self_sync == 10.0
    assert commands.calls[-1].env["LIMA_HOME"] == "/Users/me/Library/Application Support/rancher-desktop/lima"
    commands.on([str(limactl), "list", "--json"], code=1)
    assert look(commands, "linux").shares == (Share("/Users/me"), Share("/tmp/rancher-desktop"))


def test_the_hint_names_the_file_of_overrides() -> None:
    hint = rancher.share_hint(Machine("rancher-desktop"), "/opt/code")
    assert "override.yaml" in hint
    assert "location: /opt/code, writable: true" in hint
