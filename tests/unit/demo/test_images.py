"""The demo's image: built when it is missing or its Dockerfile changed, else not."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from dfdev.core.events import Began, Ended, Event, Failed
from dfdev.demo.files import write
from dfdev.demo.images import IMAGES, build_images
from dfdev.errors import DfdevError, EngineError
from dfdev.resources import templates_dir
from tests.fakes.engine import FakeEngine

BASES = {"dfdev/python:3": "sha256:p"}
WWW = "dfdev-demo/www:dev"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    write(tmp_path, templates_dir() / "demo")
    return tmp_path


def run(engine: FakeEngine, home: Path) -> list[str]:
    return build_images(engine, home, {}, lambda event: None)


def test_it_is_the_one_that_the_workspace_runs_on_the_base_of_its_dockerfile(home: Path) -> None:
    config = tomllib.loads((home / "dfdev.toml").read_text())
    assert [image.ref for image in IMAGES] == [config["services"]["www"]["image"]]
    for image in IMAGES:
        assert f"FROM {image.base}\n" in (home / image.dockerfile).read_text()


def test_built_once(home: Path) -> None:
    engine = FakeEngine(images=BASES)
    assert run(engine, home) == [WWW]
    assert run(engine, home) == []


@pytest.mark.parametrize(
    ("changed", "built"),
    [
        ("fixtures/02-dramas.sql", []),
        ("Dockerfile-www", [WWW]),
        ("www/templates/index.html", []),
        (".env", []),
        ("dfdev.toml", []),
    ],
)
def test_built_again_when_what_is_copied_changed(home: Path, changed: str, built: list[str]) -> None:
    engine = FakeEngine(images=BASES)
    run(engine, home)
    with (home / changed).open("a") as file:
        file.write("\n# changed\n")
    assert run(engine, home) == built


def test_built_again_on_a_new_base(home: Path) -> None:
    engine = FakeEngine(images=BASES)
    run(engine, home)
    engine.tag(WWW, "dfdev/python:3")
    assert run(engine, home) == [WWW]


def test_an_image_of_that_name_made_by_somebody_else_is_replaced(home: Path) -> None:
    assert run(FakeEngine(images={**BASES, WWW: "sha256:x"}), home) == [WWW]


def test_without_a_base_the_hint_makes_it(home: Path) -> None:
    with pytest.raises(DfdevError, match="no dfdev/python:3") as caught:
        run(FakeEngine(), home)
    assert caught.value.hint == "dfdev images bootstrap"


def test_a_missing_dockerfile_is_named(home: Path) -> None:
    (home / "Dockerfile-www").unlink()
    with pytest.raises(DfdevError, match="Dockerfile-www"):
        run(FakeEngine(images=BASES), home)


def test_steps_are_reported(home: Path) -> None:
    events: list[Event] = []
    build_images(FakeEngine(images=BASES), home, {}, events.append)
    assert [e.key for e in events if isinstance(e, Began)] == [WWW]
    assert [e.key for e in events if isinstance(e, Ended)] == [WWW]


def test_a_failure_is_reported_too(home: Path) -> None:
    events: list[Event] = []
    engine = FakeEngine(images=BASES, fail_on={f"build {WWW}": EngineError("an error in line 3")})
    with pytest.raises(EngineError):
        build_images(engine, home, {}, events.append)
    assert Failed(WWW, "an error in line 3") in events
