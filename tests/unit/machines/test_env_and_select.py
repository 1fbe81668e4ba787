from __future__ import annotations

import subprocess

import pytest

from dfdev.core.machine import Machine
from dfdev.errors import MachineError, UsageError
from dfdev.machines.env import env_lines, shell_of
from dfdev.machines.select import selected
from dfdev.machines.survey import Found

ODD = 'it\'s a "path" with $HOME, `x` and \\'


def test_sh_reads_back_what_was_meant() -> None:
    lines = env_lines({"A": ODD, "GONE": ""}, "sh")
    script = "GONE=here; export GONE; " + "\n".join(lines) + '\nprintf "%s|%s" "$A" "${GONE-unset}"'
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == f"{ODD}|unset"


def test_fish_has_words_of_its_own() -> None:
    assert env_lines({"A": "it's \\", "GONE": ""}, "fish") == ["set -gx A 'it\\'s \\\\';", "set -e GONE;"]


@pytest.mark.parametrize(
    ("path", "kind"), [("/opt/homebrew/bin/fish", "fish"), ("/bin/zsh", "sh"), ("/bin/bash", "sh"), ("", "sh")]
)
def test_the_shell_is_told_by_its_name(path: str, kind: str) -> None:
    assert shell_of(path) == kind


HERE = [
    Found("colima", "/c", (Machine("colima", "default", default=True), Machine("colima", "work"))),
    Found("podman", "/p", (Machine("podman", "default"),)),
    Found("orbstack", "/o", (Machine("orbstack"),)),
    Found("lima"),
]


@pytest.mark.parametrize(
    ("name", "provider", "found"),
    [
        ("work", "colima", "work"),
        ("colima/default", "colima", "default"),
        ("podman/default", "podman", "default"),
        ("colima", "colima", "default"),
        ("orbstack", "orbstack", ""),
        ("colima work", "colima", "work"),
    ],
)
def test_a_name_leads_to_one_machine(name: str, provider: str, found: str) -> None:
    machine = selected(name, HERE)
    assert (machine.provider, machine.name) == (provider, found)


def test_a_name_of_two_asks_for_the_provider() -> None:
    with pytest.raises(UsageError) as told:
        selected("default", HERE)
    assert "colima/default" in told.value.hint and "podman/default" in told.value.hint


def test_an_unknown_name_lists_what_there_is() -> None:
    with pytest.raises(MachineError, match="no machine nowhere") as told:
        selected("nowhere", HERE)
    assert "colima/work" in told.value.hint


def test_a_provider_that_is_not_installed_has_its_line() -> None:
    with pytest.raises(MachineError, match="Lima is not installed") as told:
        selected("lima", HERE)
    assert "brew install lima" in told.value.hint
