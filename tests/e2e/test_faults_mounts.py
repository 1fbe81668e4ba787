"""Mounts that are not what they should be, and files that belong to whom they should."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.lab import Lab
from tests.e2e.trouble import as_user, assert_fails, assert_settled, dfdev_as, probes, ready, web
from tests.machine import root

pytestmark = pytest.mark.engine
FreePort = Callable[[], int]

DEVELOPER = 4242


def replaced(folder: Path) -> Path:
    """A new folder by that name, as `git` or an editor may leave it; where the old one is now."""
    old = folder.rename(folder.with_name(f"old-{folder.name}"))
    folder.mkdir()
    return old


@pytest.mark.parametrize("engine_version", ["28", "20.10"])
def test_a_code_folder_that_was_replaced(
    request: pytest.FixtureRequest, engine_version: str, free_port: FreePort
) -> None:
    """The container still has the old one: `status` and `up` say so, and `restart` heals."""
    lab: Lab = request.getfixturevalue({"28": "lab", "20.10": "old_lab"}[engine_version])
    ready(lab, web(free_port()), "www").up().ok()
    before = lab.containers()
    old = replaced(lab.home / "www")
    (lab.home / "www/index.html").write_text("new\n")
    (old / "run").rename(lab.home / "www/run")
    for command in ("status", "up"):
        done = lab.dfdev(command)
        assert_fails(done, 1, f"www: /var/www is not {lab.home / 'www'}", "dfdev restart www")
    found = lab.dfdev("status", "--json")
    assert found.code == 1
    assert [m["proven"] for m in found.json()["services"][0]["mounts"]] == [False, True]
    lab.dfdev("restart", "www").ok()
    assert lab.containers() == before
    assert lab.dfdev("exec", "www", "cat", "/var/www/index.html").ok().out == "new\n"
    assert_settled(lab)
    assert probes(lab.home) == []


def test_a_log_folder_that_was_removed(lab: Lab, free_port: FreePort) -> None:
    """`up` makes it again, but the container writes into the one that is gone."""
    ready(lab, web(free_port()), "www").up().ok()
    old = replaced(lab.home / "www/run")
    assert_fails(lab.dfdev("status"), 1, "www: /var/log is not", "put in its place", "dfdev restart www")
    (lab.home / "www/run").rmdir()
    assert_fails(lab.dfdev("status"), 1, "www: /var/log is not", "dfdev restart www")
    assert_fails(lab.up(), 1, "www: /var/log is not", "dfdev restart www")
    assert probes(old) == [], "a probe that landed elsewhere is taken back"
    lab.dfdev("restart").ok()
    assert_settled(lab)
    assert probes(lab.home) == []


def test_a_log_folder_that_cannot_be_made(lab: Lab, free_port: FreePort) -> None:
    text = web(free_port()).replace('logs = "www/run"', 'logs = "www/index.html/run"')
    ready(lab, text, "www")
    assert_fails(lab.up(), 3, "services.www.logs", "index.html")
    assert lab.containers() == {}


def give(lab: Lab, uid: int) -> None:
    root.run(["chown", "-R", f"{uid}:{uid}", str(lab.home), str(lab.user)])


@pytest.fixture
def theirs(lab: Lab) -> Iterator[Lab]:
    """A workspace that is given to another user, and comes back so that it can be removed."""
    yield lab
    give(lab, os.getuid())


def writer(port: int) -> str:
    """Writes its log by itself, as apps do."""
    plain = web(port).replace("httpd -f", "sh -c 'echo begun > /var/log/app.log; exec httpd -f")
    return plain.replace('/var/www"', "/var/www'\"")


def test_files_in_the_log_mount_belong_to_the_developer(theirs: Lab, free_port: FreePort) -> None:
    """A user in the docker group; and root, who acts for that user."""
    ready(theirs, writer(free_port()), "www")
    give(theirs, DEVELOPER)
    group = Path(theirs.docker_host.removeprefix("unix://")).stat().st_gid
    developer = as_user(DEVELOPER, group)
    done = dfdev_as(developer, theirs, "up").ok()
    assert done.out.count("✓") == 2
    log = theirs.home / "www/run/app.log"
    assert log.read_text() == "begun\n"
    assert (log.stat().st_uid, log.stat().st_gid) == (DEVELOPER, DEVELOPER)
    assert log.parent.stat().st_uid == DEVELOPER
    assert dfdev_as(developer, theirs, "exec", "www", "id", "-u").ok().out == f"{DEVELOPER}\n"
    again = dfdev_as(developer, theirs, "up", "--json").ok().json()
    assert again["plan"] == []
    dfdev_as(root.prefix(), theirs, "allow", "--yes").ok()
    assert dfdev_as(root.prefix(), theirs, "up", "--json").ok().json()["plan"] == []
    assert probes(theirs.home) == []


def test_root_makes_log_folders_for_the_developer(theirs: Lab, free_port: FreePort) -> None:
    ready(theirs, writer(free_port()).replace("www/run", "logs/deep/www"), "www")
    give(theirs, DEVELOPER)
    dfdev_as(root.prefix(), theirs, "allow", "--yes").ok()
    dfdev_as(root.prefix(), theirs, "up").ok()
    made = [
        theirs.home / "logs",
        theirs.home / "logs/deep",
        theirs.home / "logs/deep/www",
        theirs.home / "logs/deep/www/app.log",
    ]
    assert [path.stat().st_uid for path in made] == [DEVELOPER] * 4
