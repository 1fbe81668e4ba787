"""A workspace of somebody else's, on real engines: which follow a link by themselves."""

from __future__ import annotations

import subprocess

import pytest

from tests.e2e.lab import Lab
from tests.e2e.trouble import assert_fails

pytestmark = pytest.mark.engine

SERVICE = """
[services.b]
image = "dfdev/small:1"
command = "sleep 1000"
mounts = ["data:/data"]
restart = "always"
"""
KEY = "a key that stays here\n"


@pytest.mark.parametrize("engine_version", ["28", "20.10"])
def test_a_mounted_folder_that_becomes_a_link(request: pytest.FixtureRequest, engine_version: str) -> None:
    """`restart` does not mount it; where the engine itself did, `status` and `up` say so, and nobody gets in."""
    lab: Lab = request.getfixturevalue({"28": "lab", "20.10": "old_lab"}[engine_version])
    lab.workspace(SERVICE)
    (lab.home / "data").mkdir()
    lab.up().ok()
    assert lab.dfdev("exec", "b", "ls", "/data").ok().out == ""
    ssh = lab.user / ".ssh"
    ssh.mkdir()
    (ssh / "id_rsa").write_text(KEY)
    (lab.home / "data").rmdir()
    (lab.home / "data").symlink_to(ssh)
    for command in ("up", "restart"):
        assert_fails(lab.dfdev(command), 3, str(ssh), "allow = [")
    assert _seen(lab) == "", "the container has what it was started with"
    lab.docker("restart", "-t", "0", lab.containers()["b"])
    assert _seen(lab) == KEY, "the engine follows the link: else there would be nothing to say"
    assert_fails(lab.dfdev("status"), 1, f"b: /data is {ssh}, which is outside DFHOME", "dfdev down")
    assert_fails(lab.dfdev("exec", "b", "cat", "/data/id_rsa"), 3, str(ssh))
    assert_fails(lab.up(), 3, str(ssh), "restarts this service by itself")
    assert [path.name for path in ssh.iterdir()] == ["id_rsa"], "no probe was written there"
    lab.dfdev("down").ok()
    assert lab.containers() == {}


def _seen(lab: Lab) -> str:
    """The key, as the container has it."""
    return lab.docker("exec", lab.containers()["b"], "sh", "-c", "cat /data/id_rsa 2>/dev/null || true")


def test_a_workspace_that_hangs_and_swells(lab: Lab) -> None:
    """Whatever stands in the place of a file: an error in under a second, by the command itself."""
    lab.workspace("")
    (lab.home / ".env").symlink_to("/dev/zero")
    assert_fails(lab.dfdev("status", timeout=5), 3, "/dev/zero")
    (lab.home / ".env").unlink()
    doubled = "".join(f"A{n}=${{A{n + 1}}}${{A{n + 1}}}\n" for n in range(40))
    (lab.home / ".env").write_text(f"{doubled}A40=0123456789\n")
    assert_fails(lab.dfdev("config", "check", timeout=5), 3, "128 KiB")


def test_a_committed_link_to_a_file_of_the_users(lab: Lab) -> None:
    """It is read where they made it themselves, and not where it came with the repository."""
    keys = lab.user / "keys"
    keys.write_text("TOKEN=hunter2\n")
    lab.workspace("")
    (lab.home / ".env.local").symlink_to(keys)
    git = ["git", "-C", str(lab.home)]
    subprocess.run([*git, "init", "-q"], check=True)
    lab.dfdev("config", "check").ok()
    subprocess.run([*git, "add", "-f", ".env.local"], check=True)
    for command in (("config", "check"), ("status",), ("config", "show")):
        done = lab.dfdev(*command)
        assert_fails(done, 3, ".env.local", str(keys), "git rm --cached")
        assert "hunter2" not in done.out + done.err
    subprocess.run([*git, "rm", "-q", "--cached", ".env.local"], check=True)
    lab.dfdev("config", "check").ok()
