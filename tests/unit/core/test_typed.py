"""A hint is pasted as it stands: whatever a folder or a machine is called, the shell hands it on as one argument."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from dfdev.core.conflicts import other_homes
from dfdev.core.machine import Machine
from dfdev.core.typed import typed
from dfdev.errors import ConfigError
from dfdev.frontend.symptoms import hint_for
from dfdev.machines import colima, docker_machine, lima, native
from dfdev.workspace.toml_file import read_text
from tests.unit.core.world import WWW, container, desired

HOSTILE = (
    "x; touch y",
    "$(touch y)",
    "`touch y`",
    "a'b; touch y; '",
    "-oProxyCommand=touch y",
    "x\ntouch y",
    "x&&touch y",
)
PROGRAMS = "ls rm chmod mkdir dfdev colima limactl docker-machine VBoxManage"
TELL = 'tell() { for a in "$@"; do printf "%s\\0" "$a"; done; }\n'


def handed_on(line: str, folder: Path) -> list[str]:
    """The arguments that the programs of a line get from a shell. Only `touch` is the real one."""
    programs = "".join(f"alias {program}=tell\n" for program in PROGRAMS.split())
    ran = subprocess.run(
        ["sh"], input=f"{TELL}{programs}{line}\n", cwd=folder, capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert not (folder / "y").exists(), line
    return ran.stdout.split("\0")[:-1]


def within(hint: str) -> str:
    """The line of a hint that has one, between the first and the last of its own backticks."""
    return hint.partition("`")[2].partition("` (or `mounts:`")[0].partition("` shows")[0].removesuffix("`")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_one_argument_and_no_option(name: str, tmp_path: Path) -> None:
    ends = ["--"] if name.startswith("-") else []
    assert handed_on(typed("ls -ld", name), tmp_path) == ["-ld", *ends, name]


def test_a_plain_one_stays_as_it_is() -> None:
    assert typed("dfdev logs", "www", "mysql") == "dfdev logs www mysql"


HINTS: dict[str, Callable[[str], str]] = {
    "the folder on a label of another's container": lambda name: within(
        next(iter(_homes(name).values())).removesuffix(" first")
    ),
    "colima": lambda name: within(colima.share_hint(Machine("colima", name), "/code")),
    "colima's folder": lambda name: within(colima.share_hint(Machine("colima", "a"), f"/{name}")),
    "lima": lambda name: within(lima.share_hint(Machine("lima", name), f"/{name}")),
    "a folder of this host": lambda name: within(native.share_hint(Machine("native", ""), f"/{name}")),
}


def _homes(home: str) -> dict[str, str]:
    other = replace(desired(WWW), home=home)
    return {k: problem.hint for k, problem in other_homes("dramas", "/here", [container(other, "www")]).items()}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("hint", HINTS)
def test_a_hint(hint: str, name: str, tmp_path: Path) -> None:
    told = handed_on(HINTS[hint](name), tmp_path)
    assert any(name in word for word in told)


@pytest.mark.parametrize("name", HOSTILE)
def test_virtualbox_has_a_folder_named_twice_over_ssh(name: str, tmp_path: Path) -> None:
    ssh = ("docker-machine", "ssh", name)
    hint = docker_machine.virtualbox_hint(name, f"/{name}", [ssh], [ssh], ssh)
    told = handed_on(hint.partition("`")[2].partition("`, then `")[0], tmp_path)
    assert told.count(name) == 3
    assert f"/{name}" in told


def test_a_module_that_a_tool_names(tmp_path: Path) -> None:
    hint = hint_for('Local Npm module "$(touch${IFS}y)" not found')
    assert handed_on(hint or "", tmp_path)[-1] == "$(touch${IFS}y)"


def test_a_file_of_a_folder_of_such_a_name(tmp_path: Path) -> None:
    folder = tmp_path / "x; touch y"
    (folder / "dfdev.toml").mkdir(parents=True)
    (folder / "up.toml").symlink_to("up.toml")
    with pytest.raises(ConfigError) as caught:
        read_text(folder / "up.toml")
    assert handed_on(caught.value.hint, tmp_path)[-1] == str(folder / "up.toml")
