"""A workspace file that does not hold: exit code 3, the place is named, and what runs is left alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import machine
from tests.e2e.lab import Lab, unused_port
from tests.e2e.trouble import assert_fails, assert_settled, ready, web

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def running(engine: machine.Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A workspace that is up."""
    folder = tmp_path_factory.mktemp("bad-file")
    (folder / "home").mkdir()
    (folder / "user").mkdir()
    lab = Lab(folder / "home", folder / "user", engine.host, f"{folder.parent.name}-bad-file")
    ready(lab, web(unused_port()), "www").up().ok()
    yield lab
    lab.clean()


def _syntax(good: str) -> str:
    return good.replace('image = "dfdev/small:1"', "image = dfdev/small:1")


BROKEN: dict[str, tuple[Callable[[str], str], tuple[str, ...]]] = {
    "syntax": (_syntax, ("dfdev.toml, line 6", "image = dfdev/small:1", "a text needs quotes")),
    "unknown key": (lambda good: good + "[wat]\n", ("wat: expected a key that dfdev knows",)),
    "misspelt key": (lambda good: good.replace("command =", "comand ="), ("services.www.comand", "mean command?")),
    "wrong type": (lambda good: good.replace('"httpd -f', "7 #"), ("services.www.command: expected", "found 7")),
    "port twice": (lambda good: good + _second(_port(good)), ("services.two.ports[0]", "services.www")),
    "cycle": (
        lambda good: good + 'depends_on = ["two"]\n' + _second("18432") + 'depends_on = ["www"]\n',
        ("depends_on", "www", "two"),
    ),
    "unknown need": (lambda good: good + 'depends_on = ["mysq"]\n', ("services.www.depends_on[0]", '"mysq"')),
    "outside": (lambda good: good.replace('code = "www"', 'code = "/etc"'), ("services.www.code", "inside DFHOME")),
    "dotdot": (lambda good: good.replace('code = "www"', 'code = "../user"'), ("services.www.code", "inside DFHOME")),
    "missing": (lambda good: good.replace('code = "www"', 'code = "wwww"'), ("services.www.code", "nothing at")),
    "a file": (lambda good: good.replace('code = "www"', 'code = "www/index.html"'), ("services.www.code", "a file")),
}


def _port(good: str) -> str:
    return good.partition('ports = ["')[2].partition(":")[0]


def _second(port: str) -> str:
    return f'[services.two]\nimage = "dfdev/small:1"\nports = ["{port}:80"]\n'


@pytest.mark.parametrize("name", BROKEN)
def test_nothing_is_touched_until_the_file_holds(running: Lab, name: str) -> None:
    lab = running
    good, before = (lab.home / "dfdev.toml").read_text(), lab.containers()
    broken, said = BROKEN[name][0](good), BROKEN[name][1]
    assert broken != good
    lab.write(broken)
    try:
        for command in ("up",) if "services.www.code" in said else ("up", "status", "down"):
            assert_fails(lab.dfdev(command), 3, *said)
        assert lab.containers() == before
    finally:
        lab.write(good)
    assert_settled(lab)


def test_a_folder_outside_may_be_mounted_when_the_user_allows_it(lab: Lab, tmp_path: Path) -> None:
    outside = tmp_path / "else where"
    outside.mkdir()
    lab.workspace(f'[services.www]\nimage = "dfdev/small:1"\ncode = "{outside}"\n')
    refused = lab.up()
    assert_fails(refused, 3, "services.www.code", str(outside), "config.toml")
    config = lab.user / ".config/dfdev/config.toml"
    config.parent.mkdir(parents=True)
    config.write_text(f'[mounts]\nallow = ["{outside}"]\n')
    assert lab.up().ok().out.count("✓") == 1
    assert_settled(lab)


def test_every_problem_is_reported_at_once(lab: Lab) -> None:
    lab.workspace('[services.www]\nimag = "dfdev/small:1"\ncode = "none"\nports = ["http"]\n')
    done = lab.up()
    assert_fails(done, 3, "services.www.imag", "services.www.image", "services.www.code", "services.www.ports[0]")
