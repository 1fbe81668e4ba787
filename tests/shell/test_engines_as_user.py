"""test.sh for somebody who is not root and may only use the engine of the machine."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from tests import machine
from tests.shell.quick import ROOT, Laptop

pytestmark = [pytest.mark.engine, pytest.mark.timeout(600)]

SCRIPT = """
import sys
from tests import machine
engine = machine.start("28", name="user-test")
owner = engine.log.stat().st_uid
engine.kill()
engine.restart()
print(engine.host, bool(engine.pid), owner)
engine.destroy()
print(machine.running("28", name="user-test"))
"""


def test_a_user_in_the_engines_group_starts_and_stops_engines_of_their_own(colleague: Laptop) -> None:
    cache = colleague.home / ".cache" / "dfdev-test"
    shutil.copytree(machine.fetch("28", machine.default_cache()), cache / "packages" / "28", symlinks=True)
    if colleague.user is not None:
        subprocess.run(["chown", "-R", str(colleague.user), str(colleague.home)], check=True)
    done = colleague.run("env", f"PYTHONPATH={ROOT}", "/usr/bin/python3", "-c", SCRIPT)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0].endswith("docker.sock True 0"), "its daemon belongs to root"
    assert done.stdout.splitlines()[1] == "False"
