"""Which Python quickstart.sh and test.sh take, of those that a machine has."""

from __future__ import annotations

import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.shell.quick import ROOT

Have = Callable[..., "Shell"]


class Shell:
    """lib.sh where nothing but these Pythons is on the PATH."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.command("uname", "echo Darwin")

    def command(self, name: str, script: str) -> None:
        (self.folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (self.folder / name).chmod(0o755)

    def python(self, name: str, version: str) -> None:
        """This one, saying that it is another."""
        numbers = ", ".join(version.split("."))
        code = f"import sys; sys.version_info = ({numbers}, 0, 'final', 0); exec(sys.argv[1])"
        self.command(name, f'exec {shlex.quote(sys.executable)} -c {shlex.quote(code)} "$2"')

    def need_python(self, **environ: str) -> subprocess.CompletedProcess[str]:
        text = f'set -eu; . {shlex.quote(str(ROOT / "shell/lib.sh"))}; need_python; echo "$PYTHON"'
        return subprocess.run(
            ["/bin/sh", "-c", text],
            env={"PATH": str(self.folder), **environ},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


@pytest.fixture
def have(tmp_path: Path) -> Have:
    def make(**pythons: str) -> Shell:
        shell = Shell(tmp_path / "bin of mine")
        for name, version in pythons.items():
            shell.python(name.replace("_", "."), version)
        return shell

    return make


@pytest.mark.parametrize(
    ("pythons", "taken"),
    [
        ({"python3": "3.14"}, "python3"),
        ({"python3": "3.15", "python3_13": "3.13"}, "python3"),
        ({"python3": "3.27"}, "python3"),
        ({"python3": "3.9", "python3_11": "3.11", "python3_14": "3.14", "python3_15": "3.15"}, "python3.14"),
        ({"python3": "3.10", "python3_16": "3.16"}, "python3.16"),
    ],
)
def test_the_systems_own_is_taken_when_it_is_new_enough(have: Have, pythons: dict[str, str], taken: str) -> None:
    shell = have(**pythons)
    done = shell.need_python()
    assert (done.stdout, done.stderr) == (f"{shell.folder / taken}\n", "")


def test_the_one_that_was_named_is_taken_or_refused(have: Have) -> None:
    shell = have(python3="3.14", other="3.12", old="3.10")
    assert shell.need_python(DFDEV_PYTHON=str(shell.folder / "other")).stdout == f"{shell.folder / 'other'}\n"
    for name in ("old", "missing"):
        done = shell.need_python(DFDEV_PYTHON=name)
        assert done.returncode == 1
        assert f"error: DFDEV_PYTHON: {name} is no Python 3.11 or newer with venv" in done.stderr


def test_where_there_is_none_the_line_to_type_is_said(have: Have) -> None:
    shell = have(python3="3.10")
    shell.command("python3.12", "echo no module named venv >&2; exit 1")
    done = shell.need_python()
    assert done.returncode == 1
    assert done.stderr == "error: there is no Python 3.11 or newer with venv\ntry: brew install python\n"
