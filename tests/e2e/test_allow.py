"""`dfdev allow`, and the question of any command in a terminal. Needs no engine."""

from __future__ import annotations

import os
from pathlib import Path

import pexpect
import pytest

from tests.e2e.lab import DFDEV, Lab
from tests.e2e.trouble import assert_fails


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    """A workspace that wants a folder beside it, and an engine elsewhere."""
    for name in ("home", "user", "shared"):
        (tmp_path / name).mkdir()
    made = Lab(tmp_path / "home", tmp_path / "user", "")
    made.write(
        '[services.www]\nimage = "i:1"\ncode = "../shared"\n[machine]\nprovider = "ssh"\nprofile = "tcp://[::1]:1"\n'
    )
    return made


def typed(lab: Lab, *args: str, answers: str) -> tuple[int, str]:
    """In a terminal: y or n for each question. What was said, without colours."""
    environ = {**lab.environ, "TERM": "xterm-256color"}
    child = pexpect.spawn(
        str(DFDEV), list(args), env=environ, cwd=str(lab.home), timeout=30, encoding="utf-8", dimensions=(40, 300)
    )
    said = ""
    for answer in answers:
        child.expect(r"\(y/N\)")
        said += str(child.before)
        child.send(answer)
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus is not None
    return child.exitstatus, said + str(child.before)


def test_without_a_terminal_it_is_refused_with_what_to_type(lab: Lab, tmp_path: Path) -> None:
    assert_fails(lab.dfdev("config", "check"), 3, f"which is {tmp_path / 'shared'}", "dfdev allow", "allow = [")
    assert_fails(lab.dfdev("status"), 3, "leads to the engine tcp://[::1]:1, which nobody allowed", "dfdev allow")
    assert_fails(lab.dfdev("allow"), 2, "nothing was allowed", "services.www.code", "dfdev allow --yes")
    done = lab.dfdev("allow", "--yes", "--json").ok()
    assert done.json()["asked"] == [str(tmp_path / "shared"), "tcp://[::1]:1"]
    assert done.json()["allowed"]["folders"] == [str(tmp_path / "shared")]
    lab.dfdev("config", "check").ok()
    assert_fails(lab.dfdev("status"), 5, "[::1]:1")
    assert lab.dfdev("allow").ok().out == f"folders: {tmp_path / 'shared'}; engines: tcp://[::1]:1\n"


def test_in_a_terminal_it_is_asked_once(lab: Lab, tmp_path: Path) -> None:
    code, said = typed(lab, "config", "check", answers="n")
    assert code == 3 and f"services.www.code is {tmp_path / 'shared'}, outside DFHOME" in said
    code, said = typed(lab, "config", "check", answers="y")
    assert code == 0 and "remembered in" in said and "holds: workspace" in said
    assert typed(lab, "config", "check", answers="")[0] == 0
    code, said = typed(lab, "status", answers="y")
    assert code == 5 and "tcp://[::1]:1, another computer" in said
    assert_fails(lab.dfdev("status"), 5, "[::1]:1")


def test_an_answer_that_is_broken_off(lab: Lab) -> None:
    code, said = typed(lab, "config", "check", answers="\x03")
    assert code == 130 and "Traceback" not in said


def test_nothing_is_asked_for(lab: Lab) -> None:
    lab.write("")
    assert lab.dfdev("allow").ok().out == "it asks for nothing but containers\n"


@pytest.mark.skipif(os.geteuid() != 0, reason="gives files to another user")
def test_a_file_that_somebody_else_left_in_a_shared_folder(lab: Lab, tmp_path: Path) -> None:
    """Found from a folder below, as `/tmp/dfdev.toml` would be."""
    lab.write("", "inner/none")
    os.chown(lab.home / "dfdev.toml", 4242, 4242)
    for command in ("status", "up", "down", "npm"):
        assert_fails(lab.dfdev(command), 3, "dfdev.toml belongs to somebody (user 4242)", "dfdev allow")
    lab.dfdev("allow", "--yes").ok()
    assert_fails(lab.dfdev("status"), 5)
