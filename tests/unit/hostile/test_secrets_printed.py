"""No secret is printed by what reads the workspace file, holding or not, in whatever form it is asked for."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from dfdev.cli.app import run

MARK = "xyzzymark"
SECRETS = '[mysql]\nimage = "m:dev"\npassword = "xyzzymark-toml"\n[services.www.env]\nREDIS_PASS = "xyzzymark-pass"\n'
HOLDS = """
[services.www]
image = "www:${A}"
command = ["serve", "${B}", "redis://:xyzzymark-url@h/0"]
[services.www.env]
MANY = "${C}"
"""
FAILS = """
[services.www]
image = 5
ports = ["${A}", "redis://:xyzzymark-url@h/0"]
user = "${B}"
depends_on = ["${A}", "redis://:xyzzymark-url@h/0"]
"""
COMMANDS = [["config", "check"], ["config", "show"], ["config", "show", "--origin"], ["config", "show", "services"]]
FORMS = [[], ["--json"], ["--quiet"], ["--verbose"]]


@pytest.fixture(params=[HOLDS, FAILS], ids=["holds", "fails"])
def home(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("A", "xyzzymark-environment")
    (tmp_path / "dfdev.toml").write_text(request.param)
    (tmp_path / "dfdev.local.toml").write_text(SECRETS)
    (tmp_path / ".env.local").write_text('B=xyzzymark-local\nC="one\nxyzzymark-line"\n')
    return tmp_path


@pytest.mark.parametrize(("command", "form"), list(itertools.product(COMMANDS, FORMS)))
def test_no_secret_is_printed(
    home: Path, command: list[str], form: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    run(["--home", str(home), *command, *form])
    printed = capfd.readouterr()
    assert MARK not in printed.out + printed.err


def test_secrets_are_printed_when_asked_for(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "dfdev.toml").write_text('[services.www]\nimage = "w"\n[services.www.env]\nREDIS_PASS = "xyzzymark"\n')
    assert run(["--home", str(tmp_path), "config", "show", "--show-secrets", "services.www.env.REDIS_PASS"]) == 0
    assert capfd.readouterr().out == "xyzzymark\n"


@pytest.mark.parametrize(
    "line",
    [
        'command = ["redis://:xyzzy/mark-url@h/0" "x"]',
        'command = ["x", redis://:xyzzymark-url@h/0]',
        'A_PASS = """one\nxyzzymark-line" " "" x"""" ""',
        'A_TOKENS = [\n  "one",\n  xyzzymark-item,\n]',
        "password = xyzzymark-bare",
    ],
)
def test_no_excerpt_of_a_broken_file_shows_one(tmp_path: Path, line: str, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "dfdev.toml").write_text(f"[services.www.env]\n{line}\n")
    assert run(["--home", str(tmp_path), "config", "check"]) == 3
    printed = capfd.readouterr().err
    assert " | " in printed
    assert "mark-" not in printed
    assert MARK not in printed
