"""What git says of a file, in a folder that somebody else may have made."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from dfdev.system.commands import Commands, HostCommands
from dfdev.system.git import may_be_committed
from tests.fakes.commands import FakeCommands

HERE: Commands = HostCommands({"PATH": os.environ["PATH"]})
NOWHERE: Commands = FakeCommands({})


def git(folder: Path, *words: str) -> None:
    subprocess.run(["git", "-C", str(folder), *words], check=True, capture_output=True)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """With a link that leads outside."""
    git(tmp_path, "init", "-q")
    (tmp_path / ".env.local").symlink_to("/elsewhere")
    return tmp_path


def test_a_link_of_ones_own(clone: Path) -> None:
    assert not may_be_committed(HERE, clone / ".env.local")


def test_one_that_the_repository_brought(clone: Path) -> None:
    git(clone, "add", "-f", ".env.local")
    assert may_be_committed(HERE, clone / ".env.local")


def test_where_there_is_no_repository(tmp_path: Path) -> None:
    for commands in (HERE, NOWHERE):
        assert not may_be_committed(commands, tmp_path / ".env.local")


def test_where_git_cannot_tell(clone: Path) -> None:
    """There is none; or the repository is broken."""
    assert may_be_committed(NOWHERE, clone / ".env.local")
    (clone / ".git" / "index").write_text("no index")
    assert may_be_committed(HERE, clone / ".env.local")


def test_a_folder_of_another_users(clone: Path) -> None:
    """Root looks at the checkout of whoever it acts for."""
    if os.getuid() != 0:
        pytest.skip("needs root")
    os.chown(clone, 65534, 65534)
    assert not may_be_committed(HERE, clone / ".env.local")
    git(clone, "-c", "safe.directory=*", "add", "-f", ".env.local")
    assert may_be_committed(HERE, clone / ".env.local")


def test_nothing_of_its_configuration_is_run(clone: Path) -> None:
    ran = clone / "ran"
    (clone / "evil").write_text(f"#!/bin/sh\ntouch {ran}\n")
    (clone / "evil").chmod(0o755)
    git(clone, "config", "core.fsmonitor", str(clone / "evil"))
    may_be_committed(HERE, clone / ".env.local")
    assert not ran.exists()
