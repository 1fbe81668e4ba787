"""An output whose disk is full, or whose reader has gone away, is no bug of ours and shows no traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

COMMANDS = ("--version", "--help", "help up", "config schema", "config schema --json")
FULL = Path("/dev/full")


def run(words: str, stdout: int, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    argv = [sys.executable, "-m", "dfdev", *words.split()]
    environ = {"PATH": os.defpath, "HOME": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.run(
        argv, stdout=stdout, stderr=subprocess.PIPE, text=True, env=environ, cwd=tmp_path, timeout=60, check=False
    )


@pytest.mark.skipif(not FULL.exists(), reason="a device of Linux")
@pytest.mark.parametrize("words", COMMANDS)
def test_a_disk_that_is_full(words: str, tmp_path: Path) -> None:
    with FULL.open("wb") as full:
        done = run(words, full.fileno(), tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("error: cannot write the output: No space left on device\n")
    assert "Traceback" not in done.stderr and "Exception" not in done.stderr


@pytest.mark.parametrize("words", COMMANDS)
def test_a_reader_that_has_gone_away(words: str, tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = run(words, writer, tmp_path)
    finally:
        os.close(writer)
    assert (done.returncode, done.stderr) == (1, "")
