"""A colleague: an ordinary user of this machine."""

from __future__ import annotations

import os
import pwd
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import machine
from tests.machine import root
from tests.shell.quick import Laptop, copy_checkout


@pytest.fixture(scope="module")
def colleague(engine28: machine.Engine) -> Iterator[Laptop]:
    """An ordinary user who may use the engine's socket because of a group, and cannot become root. The checkout is
    theirs: ours may lie where nobody else gets in.
    """
    folder = Path(tempfile.mkdtemp(prefix="dfdev-colleague-"))
    folder.chmod(0o755)
    checkout = copy_checkout(folder / "check out")
    try:
        if os.geteuid():
            yield Laptop(folder, {"DOCKER_HOST": engine28.host}, checkout=checkout)
        else:
            with_account = _account(folder)
            subprocess.run(["chown", "-R", f"{with_account.pw_uid}:{with_account.pw_gid}", str(folder)], check=True)
            user, group = with_account.pw_uid, with_account.pw_gid
            yield Laptop(folder, {"DOCKER_HOST": engine28.host}, user=user, group=group, checkout=checkout)
            subprocess.run(["userdel", with_account.pw_name], check=True, capture_output=True)
    finally:
        root.run(["rm", "-rf", str(folder)])


def _account(home: Path) -> pwd.struct_passwd:
    name = f"dfdev-{os.getpid()}"
    command = ["useradd", "--no-create-home", "--home-dir", str(home), "--groups", "root", "--shell", "/bin/sh", name]
    subprocess.run(command, check=True)
    return pwd.getpwnam(name)
