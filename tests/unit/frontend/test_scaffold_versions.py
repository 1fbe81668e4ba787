"""Which preset, which versions; and the templates as they are shipped, with them."""

from __future__ import annotations

import json
import re

import pytest

from dfdev.errors import UsageError
from dfdev.frontend.dockerfile import declared, stages
from dfdev.frontend.scaffold_disk import read_template
from dfdev.frontend.scaffold_versions import PRESETS, Versions, checked, chosen, must_fit, with_versions
from dfdev.resources import templates_dir

NOTHING = Versions("", "")
SECRETS = {"NODE_EXTRA_CA_CERTS", "GIT_SSL_CAINFO", "SSL_CERT_FILE", "npm_config_cafile", "npm_config_registry"}


@pytest.mark.parametrize(
    ("node", "package", "fits"),
    [
        ("", {}, ("current", "24")),
        ("22", {}, ("current", "22")),
        ("0.10", {}, ("legacy", "0.10")),
        ("12", {"devDependencies": {"grunt": "~0.4.5"}}, ("current", "12")),
        ("", {"devDependencies": {"grunt": "~0.4.5"}}, ("legacy", "10")),
        ("", {"dependencies": {"phantomjs": "*"}}, ("legacy", "10")),
        ("", {"dependencies": [], "devDependencies": "none"}, ("current", "24")),
    ],
)
def test_an_existing_project_gets_the_preset_that_it_stands_on(
    node: str, package: dict[str, object], fits: tuple[str, str]
) -> None:
    found = chosen(NOTHING, None, node, package)
    assert (found.preset, found.node) == fits


def test_what_is_typed_wins_over_what_was_chosen_before_which_stays_otherwise() -> None:
    before = Versions("current", "22", "1.5.3", "1.8.12")
    assert chosen(NOTHING, before, "", {}) == before
    assert chosen(Versions("", "24", "", "1.8.14"), before, "20", {}) == Versions("current", "24", "1.5.3", "1.8.14")
    assert chosen(NOTHING, before, "20", {}).node == "20"
    assert chosen(Versions("legacy", ""), before, "", {}) == Versions("legacy", "10")


@pytest.mark.parametrize(
    "asked", [Versions("new", ""), Versions("", "lts"), Versions("", "", "latest"), Versions("", "24;")]
)
def test_what_is_no_preset_and_no_version(asked: Versions) -> None:
    with pytest.raises(UsageError):
        checked(asked)


def test_a_node_that_the_tools_do_not_run_on() -> None:
    with pytest.raises(UsageError, match="node 12 does not run"):
        must_fit(Versions("legacy", "12"), examples=True)
    with pytest.raises(UsageError, match="node 16 does not run"):
        must_fit(Versions("current", "16"), examples=True)
    must_fit(Versions("current", "16"), examples=False)
    must_fit(Versions("legacy", "0.10"), examples=True)


@pytest.mark.parametrize("preset", PRESETS)
def test_the_presets_own_versions_change_nothing(preset: str) -> None:
    template = read_template(templates_dir(), preset)
    node = {"current": "24", "legacy": "10"}[preset]
    grunt = json.loads(template["package.json"])["devDependencies"]["grunt"]
    assert with_versions(template, Versions(preset, node)) == template
    assert with_versions(template, Versions(preset, node, grunt)) == template


def test_other_versions_are_written_where_they_are_used() -> None:
    current = with_versions(read_template(templates_dir(), "current"), Versions("current", "22.1", "1.5.3", "1.8.12"))
    assert {"ARG BASE=node:22.1-bookworm-slim", "ARG BOWER=1.8.12"} <= set(current["Dockerfile"].decode().splitlines())
    assert json.loads(current["package.json"])["devDependencies"]["grunt"] == "1.5.3"
    assert "package-lock.json" not in current
    legacy = with_versions(read_template(templates_dir(), "legacy"), Versions("legacy", "0.10"))
    assert {"ARG BASE=node:24-bookworm-slim", "ARG NODE=0.10"} <= set(legacy["Dockerfile"].decode().splitlines())


@pytest.mark.parametrize("preset", PRESETS)
def test_a_template_keeps_to_what_dfdev_builds(preset: str) -> None:
    template = read_template(templates_dir(), preset)
    dockerfile = template["Dockerfile"].decode()
    tools, assets = dockerfile.split("FROM tools AS assets")
    assert stages(dockerfile) == ("tools", "assets")
    assert declared(tools) >= SECRETS | {"BASE"} and declared(assets) >= SECRETS
    assert not re.search(r"^(COPY|ADD)", tools, re.MULTILINE)


@pytest.mark.parametrize("preset", PRESETS)
def test_the_lockfile_is_that_of_the_package_and_names_no_registry(preset: str) -> None:
    template = read_template(templates_dir(), preset)
    lock, package = json.loads(template["package-lock.json"]), json.loads(template["package.json"])
    assert b"resolved" not in template["package-lock.json"]
    if lock["lockfileVersion"] > 1:
        assert lock["packages"][""]["devDependencies"] == package["devDependencies"]
        return
    for name, version in package["devDependencies"].items():
        assert lock["dependencies"][name]["version"] == version
