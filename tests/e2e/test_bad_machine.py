"""Machines that are not there, broken, of one name, or whose command hangs or talks nonsense: said, with what to type.

The products' commands are scripts that print what a test says: what counts here is what dfdev makes of it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.lab import Done, Lab
from tests.e2e.trouble import assert_fails

pytestmark = pytest.mark.engine

RUNNING = '{"name":"default","status":"Running","arch":"aarch64","cpus":2,"memory":2147483648,"runtime":"docker"}'
BROKEN = RUNNING.replace("Running", "Broken")
WARNING = 'time="2026-11-24T09:00:00+01:00" level=warning msg="unknown field in config"'


@pytest.fixture
def tools(lab: Lab, tmp_path: Path) -> Callable[..., Done]:
    """dfdev with the named commands in PATH, each a body of a shell script, and no socket of an engine."""
    folder = tmp_path / "tools"
    folder.mkdir()
    lab.workspace('[machine]\nprovider = "colima"\n')

    def run(*args: str, **bodies: str) -> Done:
        for name, body in bodies.items():
            (folder / name).write_text(f"#!/bin/sh\n{body}\n")
            (folder / name).chmod(0o755)
        return lab.dfdev(*args, env={"PATH": f"{folder}:{os.environ['PATH']}", "DOCKER_HOST": ""})

    return run


def listing(*lines: str) -> str:
    return "\n".join(["cat <<'END'", *lines, "END"])


@pytest.mark.parametrize("command", ["up", "status", "machine status"])
def test_what_is_not_installed_is_named_with_its_line(tools: Callable[..., Done], command: str) -> None:
    done = tools(*command.split())
    assert_fails(done, 4, "dfdev.toml wants Colima, which is not installed here", "brew install colima")


def test_a_broken_machine(tools: Callable[..., Done]) -> None:
    done = tools("up", colima=listing(BROKEN))
    assert done.code in (4, 5) and "error: " in done.err and "Traceback" not in done.err
    listed = tools("machine", "list", "--json", colima=listing(BROKEN)).ok().json()
    assert [(m["name"], m["state"]) for m in listed["machines"]] == [("default", "broken")]


def test_warnings_before_the_json_are_no_trouble(tools: Callable[..., Done]) -> None:
    listed = tools("machine", "list", "--json", colima=listing(WARNING, RUNNING)).ok().json()
    assert [(m["provider"], m["state"], m["used"]) for m in listed["machines"]] == [("colima", "running", True)]


def test_what_is_no_json_is_said(tools: Callable[..., Done]) -> None:
    assert_fails(tools("up", colima="echo '<html>not json'"), 4, "colima list --json", "<html>not json")


def test_a_command_that_hangs_is_given_up(tools: Callable[..., Done]) -> None:
    began = time.monotonic()
    assert_fails(tools("up", colima="sleep 1000"), 4, "`colima list --json` did not end within 10 s")
    assert time.monotonic() - began < 20


def test_a_command_that_fails_is_quoted(tools: Callable[..., Done]) -> None:
    assert_fails(tools("up", colima="echo 'cannot read the state' >&2; exit 1"), 4, "cannot read the state")


def test_a_profile_that_does_not_exist(tools: Callable[..., Done], lab: Lab) -> None:
    lab.workspace('[machine]\nprovider = "colima"\nprofile = "work"\n')
    assert_fails(tools("up", colima=listing(RUNNING)), 4, "dfdev.toml wants Colima work; there are: default", "profile")


def test_two_machines_of_one_name_need_their_provider(tools: Callable[..., Done], lab: Lab) -> None:
    lab.workspace("")
    podman = '[{"Name":"default","Default":true,"Running":false,"VMType":"applehv"}]'
    both = {"colima": listing(RUNNING), "podman": f"case $* in *inspect*) exit 1 ;; esac\n{listing(podman)}"}
    assert_fails(tools("machine", "start", "default", "--dry-run", **both), 2, "several machines", "colima/default")
    assert "nothing to do" in tools("machine", "start", "colima/default", "--dry-run", **both).ok().out


def test_a_start_that_fails_is_quoted(tools: Callable[..., Done]) -> None:
    refuses = "case $1 in start) echo 'no space on the disk' >&2; exit 1 ;; esac"
    done = tools("up", colima=f"{refuses}\n{listing(RUNNING.replace('Running', 'Stopped'))}")
    assert_fails(done, 4, "`colima start default` failed: no space on the disk")
    assert "colima default is Stopped: starting it" in done.err


def test_the_environment_shadows_the_file_and_is_said_to(lab: Lab, tools: Callable[..., Done]) -> None:
    tools("config", "check", colima=listing(RUNNING))
    folder = lab.home.parent / "tools"
    done = lab.dfdev("up", env={"PATH": f"{folder}:{os.environ['PATH']}"}).ok()
    assert "DOCKER_HOST is set and wins over colima of dfdev.toml" in done.err
