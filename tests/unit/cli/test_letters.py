"""Commands in a locale that has few letters, as processes: no traceback, whatever they have to say."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.unit.cli.desk import Desk, desk

NARROW = {
    "C": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "ascii": {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
    "latin-1": {"PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"},
}
WORKSPACE = """
[workspace]
name = "dramen"
[services.www]
image = "www:dev"
code = "Bühne"
command = "echo → 戏剧"
"""
COMMANDS = [
    "up", "status", "restart", "logs", "down --dry-run", "exec www ls", "open", "machine list", "machine status",
    "config check", "config show --origin", "config schema", "mysql status", "ca list", "help", "help mysql", "upp→",
    "frontend status", "help exec", "up --json", "config check --json", "config show --json", "config schema --json",
    "machine list --json",
]  # fmt: skip


@pytest.fixture(scope="module")
def computer() -> Iterator[Desk]:
    with desk() as made:
        (made.home / "Bühne").mkdir()
        (made.home / "dfdev.toml").write_text(WORKSPACE, encoding="utf-8")
        yield made


ONE_AFTER_THE_OTHER = r"""
import os
import sys
from dfdev.__main__ import main
for command in os.fsdecode(sys.stdin.buffer.read()).split("\n"):
    sys.argv = ["dfdev", *command.split()]
    code = main()
    for stream in (sys.stdout, sys.stderr):
        stream.write(f"\n== {code}\n")
        stream.flush()
"""


def run(computer: Desk, locale: str) -> Iterator[tuple[str, int, str, str]]:
    """Command, exit code, stdout, stderr: of each, in one process."""
    environ = {"HOME": str(computer.home), "PATH": f"{computer.home}/bin:/usr/bin:/bin", **NARROW[locale]}
    done = subprocess.run(
        [sys.executable, "-c", ONE_AFTER_THE_OTHER],
        input="\n".join(COMMANDS).encode(),
        env={**environ, "DOCKER_HOST": f"unix://{computer.sock}", "PYTHONPATH": os.pathsep.join(sys.path)},
        cwd=computer.home,
        capture_output=True,
        timeout=60,
        check=False,
    )
    letters = "latin-1" if locale == "latin-1" else "ascii"
    out, err = (re.split(r"\n== (\d+)\n", text.decode(letters)) for text in (done.stdout, done.stderr))
    assert len(out) == 2 * len(COMMANDS) + 1, (out[-1], err[-1])
    for number, command in enumerate(COMMANDS):
        yield command, int(out[2 * number + 1]), out[2 * number], err[2 * number]


@pytest.mark.parametrize("locale", NARROW)
def test_no_command_raises(computer: Desk, locale: str) -> None:
    """The engine does not answer."""
    for command, code, out, err in run(computer, locale):
        assert code in (0, 1, 2, 3, 4, 5) and "Traceback" not in err, (command, err)
        assert out.strip() or err.strip(), command
        if "--json" in command:
            assert json.loads(out), command


def test_what_ascii_makes_of_it(computer: Desk) -> None:
    done = computer.dfdev("config", "show", "services.www.command", **NARROW["ascii"])
    assert done.out == "echo -> ??\n"


def test_a_name_that_the_locale_cannot_spell_is_said(computer: Desk) -> None:
    done = computer.dfdev("config", "check", LANG="", **NARROW["C"])
    assert done.code == 3 and "the encoding of this locale" in done.err and "LC_ALL=C.UTF-8" in done.err
