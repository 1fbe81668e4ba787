"""Every shell script: what shellcheck and dash say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHEBANG = (b"#!/bin/sh", b"#!/usr/bin/env bash")


def scripts() -> list[Path]:
    """Whatever starts like a script or is called like one."""
    places = [p for folder in ("shell", "templates", ".ci") for p in (ROOT / folder).rglob("*") if p.is_file()]
    return sorted(p for p in places if p.suffix == ".sh" or p.read_bytes().startswith(SHEBANG))


SCRIPTS = [pytest.param(path, id=str(path.relative_to(ROOT))) for path in scripts()]


def check(*argv: str) -> None:
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_scripts_are_found() -> None:
    names = {path.name for path in scripts()}
    assert {"quickstart.sh", "test.sh", "lib.sh", "run", "bake-fixtures"} <= names


@pytest.mark.parametrize("path", SCRIPTS)
def test_shellcheck_has_nothing_to_say(path: Path) -> None:
    check(
        str(Path(sys.executable).with_name("shellcheck")), "--external-sources", "--source-path=SCRIPTDIR/..", str(path)
    )


@pytest.mark.parametrize("path", SCRIPTS)
def test_its_shell_reads_it(path: Path) -> None:
    """dash is the strictest `sh` that users have."""
    check("bash" if b"bash" in path.read_bytes().partition(b"\n")[0] else "dash", "-n", str(path))
