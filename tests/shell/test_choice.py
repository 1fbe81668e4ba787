"""test.sh: what its words mean, and that chosen tests ask for no more than they need."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.needs import needs
from tests.shell.quick import ROOT


def script(*args: str) -> subprocess.CompletedProcess[str]:
    command = ["sh", str(ROOT / "shell" / "test.sh"), *args]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--fats",), "unknown option --fats"),
        (("tests/unit", "--cov"), "unknown option --cov"),
        (("--fast", "tests/unit"), "--fast takes no other argument"),
        (("-k",), "-k needs an expression"),
    ],
)
def test_a_wrong_word_is_a_usage_error_before_anything_is_installed(args: tuple[str, ...], said: str) -> None:
    done = script(*args)
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.startswith("Usage: sh shell/test.sh") and done.stderr.endswith(f"error: {said}\n")


def test_help_names_every_option() -> None:
    text = script("tests/unit", "--help").stdout
    assert all(option in text for option in ("--fast", "PATH", "-k", "--maxfail", "DFDEV_TEST_CACHE"))


@pytest.mark.parametrize(
    ("tests", "wanted"),
    [
        ("tests/contract/test_exec.py -k fake", ""),
        ("tests/e2e/test_demo.py", "28 browser engine"),
        ("tests/e2e/test_vm_watch.py", "engine vm"),
        ("tests/e2e/test_frontend_image.py", "20.10 28 engine"),
    ],
)
def test_what_chosen_tests_need(tests: str, wanted: str) -> None:
    command = [sys.executable, "-m", "tests.needs", *tests.split()]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, wanted), done.stderr


def test_a_test_that_is_not_there_is_said_before_anything_is_prepared() -> None:
    command = [sys.executable, "-m", "tests.needs", "tests/unit/no_such.py"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode != 0 and "no_such.py" in done.stderr


def test_a_marker_alone_is_a_need() -> None:
    assert needs(["tmp_path"], ["engine", "timeout"]) == {"engine"}
