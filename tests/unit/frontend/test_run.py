"""What becomes of the words, the folder and the variables of a caller; and a container that lost its folder."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest

from dfdev.core.observed import Container, MountPoint
from dfdev.engine.protocol import ExecResult
from dfdev.errors import DfdevError, UsageError
from dfdev.frontend.run import BARE, UNPROVEN, command_of, must_hold_inside
from dfdev.frontend.spec import SCRIPT, Front
from dfdev.frontend.tools import Tools
from tests.fakes.engine import FakeEngine
from tests.unit.frontend.fronts import front_in


@pytest.fixture
def front(tmp_path: Path) -> Front:
    return front_in(tmp_path.resolve())


def test_words_and_folder(front: Front) -> None:
    command = command_of(front, ["grunt", "a b", "--x"], front.project.folder, {})
    assert command.script() == ["sh", SCRIPT, "run", "modules", "grunt", "a b", "--x"]
    assert command.folder == "/work/web"


def test_beside_the_front_end_nothing_is_installed(front: Front) -> None:
    beside = Path(front.home) / "web-of-others"
    beside.mkdir()
    for folder in (Path(front.home), beside):
        assert command_of(front, ["npm", "test"], folder, {}).need == "plain"


def test_without_a_lockfile_or_bower_json_nothing_is_installed(front: Front) -> None:
    bare = replace(front, project=replace(front.project, modules="", components=""))
    assert command_of(bare, ["npm", "test"], bare.project.folder, {}).need == "plain"


def test_outside_dfhome(front: Front) -> None:
    with pytest.raises(UsageError, match="outside DFHOME"):
        command_of(front, ["grunt"], Path("/"), {})


def test_variables_that_tell_of_no_path_are_passed_on(front: Front) -> None:
    environ = {"CI": "1", "TZ": "UTC", "PATH": "/x", "HOME": "/root", "SSH_AUTH_SOCK": "/y", "NODE_PATH": "/z"}
    assert command_of(front, ["grunt"], front.project.folder, environ).env == {"CI": "1", "TZ": "UTC"}


def test_an_option_that_bower_does_not_know(front: Front) -> None:
    command = command_of(front, ["bower", "install", "--save-resolutions"], front.project.folder, {})
    assert (command.argv, command.save_resolutions) == (("bower", "install"), True)
    other = command_of(front, ["npm", "ci", "--save-resolutions"], front.project.folder, {})
    assert (other.argv[-1], other.save_resolutions) == ("--save-resolutions", False)


def engine_that(front: Front, *, sees: bool, shared: bool = True) -> FakeEngine:
    box = Container(
        "c1",
        front.name,
        "x",
        "sha256:1",
        "running",
        mounts=(MountPoint(str(front.project.folder), "/work/web"),) if shared else (),
    )
    return FakeEngine(containers=[box], on_exec=lambda _name, _argv: ExecResult(0 if sees else 1, ""))


def test_a_number_that_was_the_tools_own(front: Front) -> None:
    must_hold_inside(engine_that(front, sees=True), Tools("c1", "1000:1000"), front, UNPROVEN)
    assert list(front.project.folder.glob(".dfdev*")) == []


def test_another_folder_in_its_place(front: Front) -> None:
    with pytest.raises(DfdevError, match="another folder was put in the place of") as error:
        must_hold_inside(engine_that(front, sees=False), Tools("c1", "1000:1000"), front, UNPROVEN)
    assert f"docker rm -f {front.name}" in error.value.hint


def test_a_folder_that_the_engine_does_not_see(front: Front) -> None:
    with pytest.raises(DfdevError) as error:
        must_hold_inside(engine_that(front, sees=False, shared=False), Tools("c1", "1000:1000"), front, UNPROVEN)
    assert "another folder" not in error.value.message and front.home in error.value.message


@pytest.mark.parametrize("bare", [True, False])
def test_a_file_of_ones_own_that_could_be_read(front: Front, bare: bool) -> None:
    """Asked once more: the tool may have a number like that itself."""
    box = Container("c1", front.name, "x", "sha256:1", "running")
    engine = FakeEngine(containers=[box], on_exec=lambda _name, _argv: ExecResult(BARE if bare else 0, ""))
    with pytest.raises(DfdevError, match="could be read") if bare else nullcontext() as error:
        must_hold_inside(engine, Tools("c1", "1000:1000"), front, BARE)
    assert error is None or f"docker rm -f {front.name}" in error.value.hint
