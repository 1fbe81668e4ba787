"""All providers at once, whatever any of them does."""

from __future__ import annotations

from dfdev.machines.survey import survey
from dfdev.system.commands import CommandLate
from tests.fakes.commands import FakeCommands
from tests.unit.machines.recorded import recorded


def test_one_that_hangs_and_one_that_babbles_spoil_nothing() -> None:
    commands = (
        FakeCommands()
        .late("colima list --json")
        .on("podman machine list", "Error: what?\n")
        .on("orb status", recorded("orbstack/status-running"))
        .on("limactl list --json", recorded("lima/list"))
        .on("limactl --version", recorded("lima/version"))
    )
    names = ("orbstack", "colima", "podman", "lima", "rancher-desktop")
    orb, colima, podman, lima, rancher = survey(commands, names)
    assert [machine.state for machine in orb.machines] == ["running"]
    assert isinstance(colima.problem, CommandLate)
    assert "`colima list --json` did not end within 10 s" in colima.problem.message
    assert podman.problem is not None
    assert podman.problem.message.startswith("`podman machine list --format json` did not print the JSON")
    assert len(lima.machines) == 4
    assert (rancher.installed, rancher.machines, rancher.problem) == ("", (), None)
    assert orb.installed == "/fake/bin/orb"


def test_all_of_the_catalog(tmp_path: object) -> None:
    found = survey(FakeCommands({"HOME": str(tmp_path)}), ("orbstack", "colima", "remote"))
    assert [(look.provider, look.installed) for look in found] == [("orbstack", ""), ("colima", ""), ("remote", "")]
