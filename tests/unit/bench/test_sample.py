from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.bench.sample import BenchError, run


def test_output_time_and_memory_are_those_of_the_command(tmp_path: Path) -> None:
    code = "import os; big = b'x' * 200_000_000; print(os.getcwd(), os.environ['WHO'])"
    done = run([sys.executable, "-c", code], {"WHO": "me"}, tmp_path)
    assert done.out.split() == [str(tmp_path), "me"]
    assert done.sample.peak * 1024 > 200_000_000
    assert done.sample.cpu > 0
    assert 0 < done.sample.seconds < 60


def test_a_failure_is_an_error_with_the_commands_words(tmp_path: Path) -> None:
    with pytest.raises(BenchError, match=r"exit code 3\nsaid so"):
        run(["sh", "-c", "echo said so >&2; exit 3"], {"PATH": "/usr/bin:/bin"}, tmp_path)


def test_a_command_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BenchError, match="no-such-command"):
        run(["no-such-command"], {"PATH": "/usr/bin:/bin"}, tmp_path)


def test_a_command_that_was_killed_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BenchError, match="exit code -9"):
        run(["sh", "-c", "kill -9 $$"], {"PATH": "/usr/bin:/bin"}, tmp_path)


def test_where_we_are_interrupted_the_command_ends_too(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    script = f"echo $$ >{pid_file}; kill -INT {os.getpid()}; exec sleep 60"
    with pytest.raises(KeyboardInterrupt):
        run(["sh", "-c", script], {"PATH": "/usr/bin:/bin"}, tmp_path)
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid_file.read_text()), 0)
