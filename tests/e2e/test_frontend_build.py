"""`dfdev frontend build`: the same bytes in two places; and an image with them in it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import machine
from tests.e2e.frontend_lab import FrontendLab, front_of_a_module
from tests.e2e.trouble import assert_fails

pytestmark = [pytest.mark.engine, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def front(node_engine: machine.Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FrontendLab]:
    with front_of_a_module(node_engine, tmp_path_factory.mktemp("build"), "build") as made:
        made.scaffold()
        yield made


def files(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_same_bytes_in_two_places(
    front: FrontendLab, node_engine: machine.Engine, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Other folder, other workspace, other container, other volumes; nothing built before."""
    said = front.run("frontend", "build", "--json").ok()
    here = said.json()
    assert "uglify" in said.err, "what the tools say is not the document"
    deep = tmp_path_factory.mktemp("a folder") / "quite" / "somewhere else"
    deep.mkdir(parents=True)
    with front_of_a_module(node_engine, deep, "elsewhere") as other:
        other.scaffold()
        there = other.run("frontend", "build", "--json", cwd=other.home, env={"TZ": "Asia/Tokyo"}).ok().json()
        assert files(other.folder / "dist") == files(front.folder / "dist")
    assert (there["digest"], there["files"], there["bytes"]) == (here["digest"], here["files"], here["bytes"])
    assert here["files"] == len(files(front.folder / "dist")) == 4


def test_again_it_is_the_same(front: FrontendLab) -> None:
    first = front.run("frontend", "build", "--json").ok().json()
    done = front.run("frontend", "build").ok()
    assert f"sha256 {first['digest'][:16]}" in done.err
    assert "Running" in done.out


def test_another_source_is_another_digest(front: FrontendLab) -> None:
    first = front.run("frontend", "build", "--json").ok().json()
    path = front.folder / "src" / "js" / "main.js"
    text = path.read_text()
    path.write_text(f"{text}\nwindow.other = 1;\n")
    second = front.run("frontend", "build", "--json").ok().json()
    path.write_text(text)
    assert first["digest"] != second["digest"]


def test_a_build_that_fails(front: FrontendLab) -> None:
    front.workspace('build = ["grunt", "nonsense"]')
    assert_fails(front.run("frontend", "build"), 1, "the build ended with exit code 3", "grunt --help")
    done = front.run("frontend", "build", "--json")
    assert done.code == 1
    assert json.loads(done.out)["error"]["message"] == "the build ended with exit code 3"
    front.workspace()


def test_a_build_that_makes_nothing(front: FrontendLab) -> None:
    front.workspace('build = ["true"]\noutput = "elsewhere"')
    assert_fails(front.run("frontend", "build"), 1, f"the build made nothing in {front.folder / 'elsewhere'}")
    front.workspace()


def test_baked_into_an_image(front: FrontendLab) -> None:
    """What is in it is what the build makes here; what changes often costs its own layers alone."""
    front.run("frontend", "build").ok()
    ref = f"dfdev-frontend/{front.lab.name}:assets"
    first = front.run("frontend", "build", "--image", ref, "--json", timeout=200).ok().json()
    assert first["image"] == ref
    assert baked(front, ref) == files(front.folder / "dist")
    layers = json.loads(front.lab.docker("image", "inspect", "-f", "{{json .RootFS.Layers}}", ref))
    path = front.folder / "src" / "index.html"
    path.write_text(path.read_text() + "<!-- saved -->\n")
    second = front.run("frontend", "build", "--image", ref, "--json").ok().json()
    assert baked(front, ref)["index.html"] != files(front.folder / "dist")["index.html"]
    again = json.loads(front.lab.docker("image", "inspect", "-f", "{{json .RootFS.Layers}}", ref))
    assert again[:-2] == layers[:-2], "modules and components are those of before"
    assert again != layers
    assert second["seconds"] < 20


def baked(front: FrontendLab, ref: str) -> dict[str, str]:
    listed = front.lab.docker("run", "--rm", ref, "sh", "-c", "cd dist && find . -type f | xargs sha256sum")
    return {name.removeprefix("./"): digest for digest, name in (line.split() for line in listed.splitlines())}


def test_a_build_of_an_image_that_fails(front: FrontendLab) -> None:
    path = front.folder / "Gruntfile.js"
    text = path.read_text()
    path.write_text("throw new Error('not today');\n")
    done = front.run("frontend", "build", "--image", f"dfdev-frontend/{front.lab.name}:bad")
    path.write_text(text)
    assert_fails(done, 1, "not today")
