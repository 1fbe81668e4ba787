"""Podman machine: the list, the details, the mounts of its own file."""

from __future__ import annotations

from pathlib import Path

from dfdev.core.machine import Machine, Share
from dfdev.machines import podman
from tests.fakes.commands import FakeCommands
from tests.unit.machines.recorded import recorded

DEFAULTS = (Share("/Users"), Share("/private"), Share("/var/folders"))


def scripted(listed: str, inspected: str) -> FakeCommands:
    commands = FakeCommands().on("podman machine list", recorded(f"podman/{listed}"))
    commands.on("podman machine inspect", recorded(f"podman/{inspected}"))
    return commands.on("podman --version", recorded("podman/version"))


def test_current_podman() -> None:
    commands = scripted("list", "inspect")
    first, work = podman.machines(commands, "darwin")
    assert (first.name, first.state, first.default, first.rootless) == ("podman-machine-default", "running", True, True)
    assert (work.name, work.state, work.default, work.rootless) == ("work", "starting", False, False)
    assert first.host == "unix:///var/folders/wd/T/podman/podman-machine-default-api.sock"
    assert first.shares == DEFAULTS
    assert "podman machine inspect podman-machine-default work" in commands.lines


def test_old_podman() -> None:
    (found,) = podman.machines(scripted("list-old", "inspect-old"), "darwin")
    assert (found.name, found.state, found.default, found.rootless) == (
        "podman-machine-default",
        "stopped",
        True,
        None,
    )
    assert found.host == "unix:///Users/me/.local/share/containers/podman/machine/podman-machine-default/podman.sock"


def test_a_podman_that_cannot_inspect() -> None:
    commands = scripted("list", "inspect").on("podman machine inspect", err="unknown command", code=125)
    assert [(m.state, m.host, m.rootless) for m in podman.machines(commands, "linux")] == [
        ("running", "", None),
        ("starting", "", None),
    ]


def test_none() -> None:
    assert podman.machines(FakeCommands().on("podman machine list", "[]\n")) == []


def test_since_6_it_sets_its_clock_on_wake() -> None:
    assert podman.capabilities(Machine("podman", version="5.8.1")).self_sync == 0.0
    assert podman.capabilities(Machine("podman", version="6.0.0-rc1")).self_sync == 10.0


def test_mounts_of_the_machine(tmp_path: Path) -> None:
    (tmp_path / "podman-machine-default.json").write_text(recorded("podman/machine"))
    text = recorded("podman/inspect").replace("/Users/me/.config/containers/podman/machine/applehv", str(tmp_path))
    commands = scripted("list", "inspect").on("podman machine inspect", text)
    first, work = podman.machines(commands, "darwin")
    assert first.shares == (Share("/Users"), Share("/opt/seed", writable=False))
    assert work.shares == DEFAULTS


def test_the_hint_leaves_the_machine_alone() -> None:
    hint = podman.share_hint(Machine("podman", "x", shares=DEFAULTS), "/opt/code")
    assert (
        "`podman machine init -v /Users:/Users -v /private:/private -v /var/folders:/var/folders -v /opt/code:/opt/code"
        in hint
    )
    assert " rm " not in hint
