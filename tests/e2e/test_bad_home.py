"""DFHOME as it comes: not there, not readable, with spaces and umlauts, behind a symbolic link."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.e2e.lab import Lab
from tests.e2e.trouble import as_mortal, assert_fails, assert_settled, dfdev_as, probes, ready, web

pytestmark = pytest.mark.engine
FreePort = Callable[[], int]


@pytest.mark.parametrize("command", ["up", "status", "down", "restart", "logs"])
def test_a_dfhome_that_is_none(lab: Lab, command: str) -> None:
    missing, file, empty = lab.home / "gone", lab.home / "file", lab.home / "empty"
    file.write_text("")
    empty.mkdir()
    for path, said in ((missing, "does not exist"), (file, "is a file, not a folder"), (empty, "has no dfdev.toml")):
        done = lab.dfdev(command, env={"DFHOME": str(path)})
        assert_fails(done, 3, said, str(path), "$DFHOME")


def test_an_unreadable_dfhome(lab: Lab, free_port: FreePort) -> None:
    ready(lab, web(free_port()), "www").up().ok()
    before = lab.containers()
    lab.home.chmod(0)
    try:
        done = dfdev_as(as_mortal(), lab, "up")
    finally:
        lab.home.chmod(0o755)
    assert_fails(done, 3, str(lab.home), "permission denied")
    assert lab.containers() == before
    assert_settled(lab)


def test_an_unreadable_file(lab: Lab) -> None:
    lab.workspace("")
    (lab.home / "dfdev.toml").chmod(0)
    done = dfdev_as(as_mortal(), lab, "up")
    assert_fails(done, 3, "dfdev.toml", "ermission denied")


def test_spaces_and_letters_of_the_world(lab: Lab, free_port: FreePort, tmp_path: Path) -> None:
    home = tmp_path / 'Dramen für Ägypten, 戏剧 it\'s:"$HOME";'
    home.mkdir()
    port = free_port()
    odd = ready(replace(lab, home=home), web(port), "www")
    try:
        done = odd.up().ok()
        assert done.out.count("✓") == 2
        assert odd.dfdev("exec", "www", "cat", "/var/www/index.html").ok().out == f"www of {odd.name}\n"
        odd.dfdev("exec", "www", "sh", "-c", "echo hello > /var/log/it.log").ok()
        assert (home / "www/run/it.log").read_text() == "hello\n"
        assert_settled(odd)
        assert probes(home) == []
        assert "it.log" in odd.dfdev("logs").ok().err
        odd.dfdev("restart").ok()
        odd.dfdev("down").ok()
    finally:
        odd.clean()


def test_behind_a_symbolic_link(lab: Lab, free_port: FreePort, tmp_path: Path) -> None:
    """One workspace, whichever way leads to it: the real path is mounted, and recorded."""
    ready(lab, web(free_port()), "www").up().ok()
    link = tmp_path / "link"
    link.symlink_to(lab.home)
    through = replace(lab, home=link)
    assert_settled(through)
    found = through.dfdev("status", "--json").ok().json()
    assert found["home"] == str(lab.home.resolve())
    assert [m["source"] for m in found["services"][0]["mounts"]] == [
        str(lab.home.resolve() / "www"),
        str(lab.home.resolve() / "www/run"),
    ]


def test_from_any_folder_below(lab: Lab, free_port: FreePort) -> None:
    ready(lab, web(free_port()), "www").up().ok()
    below = replace(lab, home=lab.home / "www")
    done = below.dfdev("status", "--json", env={"DFHOME": ""}).ok()
    assert done.json()["workspace"] == lab.name
    assert Path(done.json()["home"]).samefile(lab.home)
