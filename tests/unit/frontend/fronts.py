"""Front ends as values, and an engine that has their image."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

from dfdev.core.desired import File
from dfdev.core.events import Event
from dfdev.frontend.spec import SCRIPT, Front
from dfdev.frontend.tools import Maker
from dfdev.workspace.project import Project
from dfdev.workspace.schema import Frontend
from tests.fakes.engine import FakeEngine

IMAGE = "dfdev-frontend/drama:1"


def front_in(home: Path, **changes: object) -> Front:
    """A workspace in `home` whose front end is its folder `web`. `changes`: of the Front's own fields."""
    folder = home / "web"
    folder.mkdir(exist_ok=True)
    project = Project(folder, "/work/web", "24", "package-lock.json", "aaa", "bbb", "bower_components")
    made = Front("drama", str(home), Frontend(dir="web"), project, IMAGE, "", (File(SCRIPT, b"#!/bin/sh\n"),), {})
    return replace(made, **changes)  # type: ignore[arg-type]


def configured(front: Front, **settings: object) -> Front:
    return replace(front, config=Frontend(dir="web", **settings))  # type: ignore[arg-type]


def locked_by(front: Front, modules: str) -> Front:
    """The same with another lockfile."""
    return replace(front, project=replace(front.project, modules=modules))


def maker_on(
    engine: FakeEngine, *, image: Callable[[], str] = lambda: IMAGE, emit: Callable[[Event], None] = lambda event: None
) -> Maker:
    return Maker(engine, 1000, 1000, image, nullcontext, emit)
