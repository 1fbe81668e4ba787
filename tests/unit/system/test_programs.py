"""Programs come from PATH, and never from the folder that somebody stands in."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from dfdev.system.commands import HostCommands
from dfdev.system.programs import absolute_only, find

PACKAGE = Path(__file__).resolve().parents[3] / "dfdev"
RELATIVE = ["", ".", "bin", "./bin", "..", "~/bin"]


def planted(folder: Path, name: str = "docker") -> Path:
    """A program of a repository's own, which leaves a mark when it runs."""
    file = folder / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"#!/bin/sh\n: >'{folder.resolve()}/ran'\n")
    file.chmod(0o755)
    return file


@pytest.mark.parametrize("entry", RELATIVE)
def test_a_program_of_the_current_folder_is_not_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, entry: str
) -> None:
    for name in ("docker", "bin/docker"):
        planted(tmp_path, name)
    monkeypatch.chdir(tmp_path)
    for path in (entry, f"{entry}:/nowhere", f"/nowhere:{entry}"):
        assert find("no-such-program", {"PATH": path}) is None
        found = HostCommands({"PATH": path}).which("docker")
        assert found is None
    assert find("docker", {"PATH": f"{entry}:{tmp_path}/bin"}) == f"{tmp_path}/bin/docker"


def test_nothing_is_left_of_such_a_path() -> None:
    assert absolute_only(":.:bin") == absolute_only("") == ""
    assert absolute_only("/a::/b:.") == "/a:/b"


def test_children_do_not_find_one_either(tmp_path: Path) -> None:
    """`ssh` is looked for by the one who starts it, with the PATH of the process."""
    planted(tmp_path, "ssh")
    (tmp_path / "dfdev.toml").write_text("")
    done = subprocess.run(
        [sys.executable, "-m", "dfdev", "status"],
        env={
            "PATH": f".:{tmp_path / 'none'}:",
            "DOCKER_HOST": "ssh://me@nowhere.invalid",
            "PYTHONPATH": str(PACKAGE.parent),
        },
        cwd=tmp_path,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 5 and not (tmp_path / "ran").exists()


def test_nobody_else_looks_for_programs() -> None:
    lookers = {p.relative_to(PACKAGE).as_posix() for p in PACKAGE.rglob("*.py") if "shutil.which(" in p.read_text()}
    assert lookers == {"system/programs.py"}
