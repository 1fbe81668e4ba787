"""What is one's own beside dfdev.toml is not read by the scripts of packages, however an editor saves it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import machine
from tests.e2e.frontend_lab import FrontendLab, front_of_a_module
from tests.e2e.images import copy
from tests.e2e.trouble import assert_fails

pytestmark = [pytest.mark.engine, pytest.mark.timeout(240)]
MARK = "xyzzymark"
NODE = "dfdev/node:24"
OWN = (".env.local", "dfdev.local.toml")
TOML = f'[frontend]\ndir = "%s"\nimage = "{NODE}"\nmodules = "host"\n'
WATCH = 'watch = true\nbuild = ["true"]\nwatch_command = ["sleep", "1000"]\n'


@pytest.fixture(params=["28", "20.10"])
def front(
    request: pytest.FixtureRequest, node_engine: machine.Engine, engine2010: machine.Engine, tmp_path: Path
) -> Iterator[FrontendLab]:
    copy(node_engine.host, engine2010.host, [NODE])
    engine = node_engine if request.param == "28" else engine2010
    with front_of_a_module(engine, tmp_path, "own") as made:
        yield made


def project(folder: Path, above: str) -> None:
    """`npm run look` prints all that is to be had."""
    places = [f"{place}/{name}" for place in (above, "/work", "/host") for name in (*OWN, ".env.local~")]
    folder.mkdir(exist_ok=True)
    script = f"cat {' '.join(places)} 2>/dev/null; true"
    (folder / "package.json").write_text(json.dumps({"name": "own", "private": True, "scripts": {"look": script}}))


def save(front: FrontendLab, name: str, how: str, number: int) -> None:
    text = f"# {MARK}\n" if name.endswith("toml") else f"TOKEN={MARK}{number}\n"
    path, new = front.home / name, front.home / f"{name}.new"
    if how == "by a rename":
        new.write_text(text)
        new.rename(path)
    else:
        path.write_text(text)


def look(front: FrontendLab, folder: Path) -> str:
    done = front.run("npm", "run", "look", cwd=folder).ok()
    return done.out + done.err


def seen(front: FrontendLab, service: str) -> str:
    """By the docker CLI, in a container as it runs."""
    words = ("sh", "-c", "cat /work/.env.local /host/.env.local 2>/dev/null || true")
    return front.lab.docker("exec", front.lab.containers()[service], *words)


def test_where_dfhome_is_the_front_end(front: FrontendLab) -> None:
    project(front.home, ".")
    front.lab.workspace(TOML % "." + WATCH)
    front.lab.up(timeout=200).ok()
    assert MARK not in look(front, front.home)
    for number, how in enumerate(("made later", "by a rename", "in place", "by a rename")):
        for name in OWN:
            save(front, name, how, number)
        assert MARK not in look(front, front.home), how
    front.lab.up().ok()
    before = front.lab.containers()
    assert MARK not in seen(front, "frontend")
    save(front, ".env.local", "by a rename", 9)
    assert MARK in seen(front, "frontend") and MARK in seen(front, "frontend-tools"), "else nothing is proven here"
    words = ("sh", "/etc/dfdev/inside.sh", "run", "plain", "cat", "/work/.env.local")
    done = front.lab.docker("exec", before["frontend-tools"], *words, check=False)
    assert done == "", "the container itself knows, without the host"
    assert_fails(front.lab.dfdev("exec", "frontend", "cat", "/work/.env.local"), 1, "dfdev up")
    front.lab.up().ok()
    assert front.lab.containers()["frontend"] != before["frontend"]
    assert MARK not in seen(front, "frontend")
    assert front.lab.dfdev("up", "--json").ok().json()["plan"] == []


def test_where_it_is_a_folder_beside(front: FrontendLab) -> None:
    """The container does not get the files, and stays the same one whatever becomes of them."""
    folder = front.home / "frontend"
    project(folder, "..")
    (front.home / "www").mkdir()
    front.lab.workspace(TOML % "frontend")
    assert MARK not in look(front, folder)
    before = front.container
    for number, how in enumerate(("made later", "by a rename")):
        for name in OWN:
            save(front, name, how, number)
        assert MARK not in look(front, folder), how
    assert front.container == before
    assert MARK not in seen(front, "frontend-tools")
    assert front.sh("echo 1 >../www/made; ls -A ..", cwd=folder).split() == ["frontend", "www"]
    assert (front.home / "www" / "made").read_text() == "1\n"
    assert "Read-only" in front.sh("touch ../lost 2>&1; true", cwd=folder), "what could not arrive is refused"
    (front.home / "later").mkdir()
    assert front.sh("ls -A ..", cwd=folder).split() == ["frontend", "later", "www"]
