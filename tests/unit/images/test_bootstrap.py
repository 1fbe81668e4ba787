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
from dfdev.trust.added import add
from dfdev.trust.refused import CA_HINT
from tests.fakes.engine import FakeEngine
from tests.trust.authority import NOW, make


class Builder(FakeEngine):
    """Keeps the build arguments by reference."""

    def __init__(self, *, registry: Mapping[str, str]) -> None:
        super().__init__(registry=registry)
        self.built: dict[str, Mapping[str, str]] = {}
        self.certificates: dict[str, bytes] = {}

    def build(
        self, context: Path, ref: str, *, args: Mapping[str, str], labels: Mapping[str, str], on_line: OnLine
    ) -> str:
        self.built[ref] = args
        given = context / "certs" / "dfdev.crt"
        if given.is_file():
            self.certificates[ref] = given.read_bytes()
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


def test_a_certificate_that_was_added_counts_and_the_variable_wins(tmp_path: Path) -> None:
    root, other = make("Example Corp Root CA"), make("Other Root CA")
    for made, name in ((root, "root.pem"), (other, "other.pem")):
        (tmp_path / name).write_bytes(made.pem)
    environ = {"HOME": str(tmp_path)}
    add(environ, tmp_path / "root.pem", NOW.timestamp())
    assert recipe(environ).ca_bundle == root.pem
    assert recipe(environ | {"DFDEV_CA_BUNDLE": str(tmp_path / "other.pem")}).ca_bundle == other.pem


def test_node_is_fetched_with_all_that_this_host_trusts_in(tmp_path: Path) -> None:
    root = make("Example Corp Root CA")
    (tmp_path / "corp.pem").write_bytes(root.pem)
    engine = Builder(registry=HUB)
    run(engine, recipe({"HOME": str(tmp_path), "NODE_EXTRA_CA_CERTS": str(tmp_path / "corp.pem")}), "node", "small")
    assert root.pem in engine.certificates["dfdev/node:24"]
    assert "dfdev/debian:bookworm" not in engine.certificates


def test_a_server_that_a_build_does_not_trust_in_is_followed_by_the_line_to_type() -> None:
    said = ("npm \x1b[31mERR!\x1b[0m code SELF_SIGNED_\x1b[0mCERT_IN_CHAIN",)
    engine = FakeEngine(registry=HUB, fail_on={"build dfdev/small:1": EngineError("exit code 1", "mend", details=said)})
    with pytest.raises(EngineError, match="exit code 1") as error:
        run(engine, recipe(), "small")
    assert (error.value.hint, error.value.details) == (CA_HINT, said)


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
