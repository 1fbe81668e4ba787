"""Building what was decided, on an engine in memory, from the Dockerfiles that are shipped."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from dfdev.core.events import Began, Ended, Event, Failed
from dfdev.engine.protocol import OnLine
from dfdev.errors import ConfigError, EngineError
from dfdev.images.bootstrap import Recipe, bootstrap, plan_bootstrap
from dfdev.images.catalog import CATALOG, Image
from dfdev.resources import templates_dir
from tests.fakes.engine import FakeEngine


class Builder(FakeEngine):
    """Keeps the build arguments by reference."""

    def __init__(self, *, registry: Mapping[str, str]) -> None:
        super().__init__(registry=registry)
        self.built: dict[str, Mapping[str, str]] = {}

    def build(
        self, context: Path, ref: str, *, args: Mapping[str, str], labels: Mapping[str, str], on_line: OnLine
    ) -> str:
        self.built[ref] = args
        return super().build(context, ref, args=args, labels=labels, on_line=on_line)


HUB = {"debian:bookworm-slim": "sha256:b", "debian:sid-slim": "sha256:s"}
ALL = [image.name for image in CATALOG]


def recipe(environ: dict[str, str] | None = None) -> Recipe:
    return Recipe.of(templates_dir(), {"DFDEV_APT_MIRROR": "http://mirror.example/debian"} | (environ or {}))


def run(engine: FakeEngine, made_of: Recipe, *names: str) -> list[Event]:
    events: list[Event] = []
    bootstrap(engine, made_of, plan_bootstrap(engine, made_of, names), events.append)
    return events


def test_after_a_run_the_plan_is_empty() -> None:
    engine = FakeEngine(registry=HUB)
    run(engine, recipe(), *ALL)
    assert plan_bootstrap(engine, recipe(), ALL) == ()


def test_a_base_comes_before_what_stands_on_it_and_every_step_is_reported() -> None:
    engine = FakeEngine(registry=HUB)
    events = run(engine, recipe(), *ALL)
    built = [call.removeprefix("build ") for call in engine.calls if call.startswith("build ")]
    for image in CATALOG:
        assert built.index(image.base.ref) < built.index(image.ref)
    assert (
        {e.key for e in events if isinstance(e, Began)} == {e.key for e in events if isinstance(e, Ended)} == set(built)
    )


def test_a_build_that_fails_is_reported_and_raised_and_the_other_suite_is_finished() -> None:
    engine = FakeEngine(registry=HUB, fail_on={"build dfdev/registry:2": EngineError("no space left")})
    events: list[Event] = []
    with pytest.raises(EngineError, match="no space left"):
        bootstrap(engine, recipe(), plan_bootstrap(engine, recipe(), []), events.append)
    assert Failed("dfdev/registry:2", "no space left") in events
    assert engine.image_id("dfdev/mysql:9")
    engine.heal()
    assert [s.ref for s in plan_bootstrap(engine, recipe(), [])] == ["dfdev/registry:2", "dfdev/python:3"]


def test_a_certificate_authority_makes_new_images(tmp_path: Path) -> None:
    engine = FakeEngine(registry=HUB)
    run(engine, recipe(), "small")
    bundle = tmp_path / "ca.pem"
    bundle.write_text("-----BEGIN CERTIFICATE-----")
    with_ca = recipe({"DFDEV_CA_BUNDLE": str(bundle)})
    assert [s.ref for s in plan_bootstrap(engine, with_ca, ["small"])] == ["dfdev/debian:bookworm", "dfdev/small:1"]


def test_a_certificate_authority_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="DFDEV_CA_BUNDLE"):
        recipe({"DFDEV_CA_BUNDLE": str(tmp_path / "none.pem")})


@pytest.mark.parametrize("image", CATALOG, ids=lambda image: str(image.name))
def test_the_dockerfile_stands_on_the_base_that_the_catalog_names(image: Image) -> None:
    dockerfile = (templates_dir() / "images" / image.name / "Dockerfile").read_text()
    froms = re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE)
    assert froms[0] == image.base.ref
    assert set(froms) <= {image.base.ref, "scratch"}


def test_a_version_reaches_the_build_with_the_registry_of_the_company() -> None:
    engine = Builder(registry=HUB)
    run(engine, recipe({"NPM_CONFIG_REGISTRY": "https://npm.example/"}), "node:22")
    assert engine.built["dfdev/node:22"] == {"NODE": "22", "npm_config_registry": "https://npm.example/"}
    run(engine, recipe({"npm_config_registry": "http://127.0.0.1:4873/"}), "node:10", "small")
    assert engine.built["dfdev/node:10"] == {"NODE": "10"}
    assert engine.built["dfdev/small:1"] == {}
