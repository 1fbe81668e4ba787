"""The image of the front end's tools on real engines: by buildx and without it, new and old, broken and mended."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import machine
from tests.e2e.conftest import NewLab
from tests.e2e.lab import Done, Lab

DOCKERFILE = """\
ARG BASE
FROM ${BASE} AS tools
ARG NODE_EXTRA_CA_CERTS
RUN --mount=type=secret,id=ca,target=/etc/dfdev/ca.pem \\
    echo first > /which
FROM tools AS assets
COPY package.json .
"""
TRUST = ("NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "GIT_SSL_CAINFO", "PIP_CERT")


class Shop:
    """A workspace whose front end needs no network to be built."""

    def __init__(self, lab: Lab, docker: machine.Engine) -> None:
        """`docker`: whose CLI, with buildx, is used: an engine of any age is spoken to by the CLI of today."""
        self.lab = lab
        self.engine = docker
        self.folder = lab.home / "frontend"
        self.folder.mkdir()
        (self.folder / "package.json").write_text('{"name": "shop", "version": "1.0.0", "private": true}')
        lab.workspace('[frontend]\ndir = "frontend"\nnode = "24"\n')
        self.dockerfile(DOCKERFILE)

    def dockerfile(self, text: str) -> None:
        (self.folder / "Dockerfile").write_text(text)

    def run(self, *argv: str, buildx: bool = True, told: str = "") -> Done:
        """`told`: a file of certificates that this host is told of, else of none."""
        config = self.engine.env["DOCKER_CONFIG"] if buildx else str(self.lab.user / "no-plugins")
        env = {"DOCKER_CONFIG": config, "PATH": f"{Path(self.engine.docker).parent}:{os.environ['PATH']}"}
        env |= dict.fromkeys(TRUST, "") | ({"NODE_EXTRA_CA_CERTS": told} if told else {})
        return self.lab.dfdev(*argv, env=env, timeout=250)

    def which(self, **how: bool) -> str:
        """What the Dockerfile wrote, read in the tools' container."""
        return self.run("npx", "--no", "-c", "cat /which", **how).ok().out.strip()  # type: ignore[arg-type]

    @property
    def images(self) -> set[str]:
        mine = f"label=dev.dfdev.frontend={self.lab.name}"
        return set(self.lab.docker("images", "-q", "--no-trunc", "--filter", mine).split())

    def clean(self) -> None:
        self.lab.clean()
        for id in self.images:
            self.lab.docker("rmi", "-f", id)


@pytest.fixture(params=["engine", "old_engine"], ids=["28", "20.10"])
def shop(request: pytest.FixtureRequest, engine: machine.Engine, new_lab: NewLab) -> Iterator[Shop]:
    made = Shop(new_lab("shop", request.getfixturevalue(request.param).host), engine)
    yield made
    made.clean()


@pytest.mark.parametrize("buildx", [True, False], ids=["buildx", "classic"])
def test_it_is_built_once_and_again_when_the_dockerfile_changes_and_old_ones_go(shop: Shop, buildx: bool) -> None:
    assert shop.which(buildx=buildx) == "first"
    (first,) = shop.images
    assert shop.which(buildx=buildx) == "first"
    assert shop.images == {first}
    for word in ("second", "third"):
        shop.dockerfile(DOCKERFILE.replace("first", word))
        assert shop.which(buildx=buildx) == word
    assert first not in shop.images and len(shop.images) == 2  # the container of the second was there as well


def test_without_buildx_certificates_cannot_be_given_to_a_build(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "corp.pem").write_bytes(Path(__file__).read_bytes())
    done = shop.run("npm", "--version", buildx=False, told=str(tmp_path / "corp.pem"))
    assert done.code == 1 and "needs `docker buildx`" in done.err and "docker-buildx" in done.err
    assert shop.images == set()


@pytest.mark.parametrize("buildx", [True, False], ids=["buildx", "classic"])
def test_a_step_that_fails_is_shown_and_the_next_try_is_whole(shop: Shop, buildx: bool) -> None:
    shop.dockerfile(DOCKERFILE.replace("echo first > /which", "echo no room >&2 && exit 7"))
    done = shop.run("npm", "--version", buildx=buildx)
    assert done.code == 1 and re.search("code: 7", done.err)
    assert "no room" in done.err and "try: mend the Dockerfile" in done.err
    assert (" > [tools 2/2] RUN" in done.err) == buildx
    assert shop.images == set()
    shop.dockerfile(DOCKERFILE)
    assert shop.which(buildx=buildx) == "first"


def test_a_build_of_which_nothing_changed_takes_less_than_two_seconds(shop: Shop) -> None:
    spans = []
    for _ in range(3):
        began = time.perf_counter()
        shop.run("frontend", "build", "--image", f"{shop.lab.name}/assets:1").ok()
        spans.append(time.perf_counter() - began)
    shop.lab.docker("rmi", "-f", f"{shop.lab.name}/assets:1")
    assert min(spans) < 2.0


def test_no_layer_has_what_is_personal(shop: Shop) -> None:
    """Not even where the front end is DFHOME itself, and its own .dockerignore asks for it."""
    for name in ("package.json", "Dockerfile"):
        (shop.folder / name).rename(shop.lab.home / name)
    shop.lab.workspace('[frontend]\ndir = "."\nnode = "24"\n')
    dockerfile = shop.lab.home / "Dockerfile"
    dockerfile.write_text(DOCKERFILE.replace("COPY package.json .", "WORKDIR /there\nCOPY . ."))
    (shop.lab.home / ".dockerignore").write_text("frontend\n!.env.local")
    for name in (".env.local", ".env.local~", "dfdev.local.toml"):
        (shop.lab.home / name).write_text("# xyzzymark\n")
    (shop.lab.home / "kept").write_text("1\n")
    ref = f"{shop.lab.name}/assets:1"
    shop.run("frontend", "build", "--image", ref).ok()
    assert "xyzzymark" not in shop.lab.docker("run", "--rm", ref, "sh", "-c", "cat .env* *.toml 2>&1; true")
    there = set(shop.lab.docker("run", "--rm", ref, "ls", "-A").split())
    shop.lab.docker("rmi", "-f", ref)
    assert {"kept", "dfdev.toml", "package.json"} <= there
    assert not {"frontend", ".env.local", ".env.local~", "dfdev.local.toml"} & there
