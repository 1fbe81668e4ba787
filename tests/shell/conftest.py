"""A colleague: an ordinary user of this machine."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import machine
from tests.shell.quick import Laptop

USER = "dfdev-quickstart"


@pytest.fixture(scope="module")
def colleague(engine28: machine.Engine) -> Iterator[Laptop]:
    """An ordinary user who may use the engine's socket because of a group, and cannot become root."""
    if os.geteuid():
        with_home = Path.home() / ".cache" / USER
        with_home.mkdir(parents=True, exist_ok=True)
        yield Laptop(with_home, {"DOCKER_HOST": engine28.host})
        shutil.rmtree(with_home)
        return
    subprocess.run(["useradd", "--create-home", "--groups", "root", "--shell", "/bin/sh", USER], check=True)
    entry = pwd.getpwnam(USER)
    try:
        yield Laptop(Path(entry.pw_dir), {"DOCKER_HOST": engine28.host}, user=entry.pw_uid, group=entry.pw_gid)
    finally:
        subprocess.run(["userdel", "--remove", USER], check=True, capture_output=True)
