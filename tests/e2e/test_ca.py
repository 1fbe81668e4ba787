"""A company whose server is signed by its own CA: what node, npm, git, bower, curl and pip say of it in containers
and builds before `dfdev ca add`, and after it.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import machine
from tests.e2e.conftest import NewLab
from tests.e2e.lab import Done, Lab
from tests.trust.authority import make
from tests.trust.shop import TOKEN, VERSION, Shop, open_shop

HINT = "try: dfdev ca add FILE"
SEEN = "this is in a layer of the image"
WORKSPACE = '[frontend]\ndir = "frontend"\nnode = "24"\n'
DOCKERFILE = """\
ARG BASE
FROM ${BASE} AS tools
RUN apt-get update && apt-get install -y --no-install-recommends curl git python3-pip
ARG NODE_EXTRA_CA_CERTS npm_config_cafile GIT_SSL_CAINFO SSL_CERT_FILE npm_config_registry
RUN --mount=type=secret,id=ca,target=/etc/dfdev/ca.pem,mode=0444 \\
    npm install --global --no-audit --no-fund bower@1.8.14
"""
ASKS = {
    "npm": "npm view --registry {url} --fetch-retries=0 tiny version",
    "git": "git ls-remote --tags {url}tiny.git",
    "node": 'node -e \'fetch("{url}tiny").then(r => r.json()).then(d => console.log(d["dist-tags"].latest))\'',
    "curl": "curl -sSf {url}tiny",
    "pip": "python3 -m pip --retries 0 download --no-deps -d /tmp -i {url}simple/ tiny",
    "bower": "bower info --json --config.registry={url} tiny",
    "bower's git": "bower info --json {url}tiny.git",
}
"""Each tells the version of what the company's server has, where it trusts in the server."""


class Corporate:
    """A laptop in that company, with a front end."""

    def __init__(self, lab: Lab, engine: machine.Engine, shop: Shop) -> None:
        self.lab = lab
        self.shop = shop
        self._env = engine.env | {"PATH": f"{Path(engine.docker).parent}:{os.environ['PATH']}"}
        self.folder = lab.home / "frontend"
        self.folder.mkdir()
        (self.folder / "package.json").write_text('{"name": "shop", "version": "1.0.0", "private": true}')
        (self.folder / "bower.json").write_text('{"name": "shop"}')
        (self.root_pem).write_bytes(shop.root.pem)
        lab.workspace(WORKSPACE)
        self.dockerfile(DOCKERFILE)

    @property
    def root_pem(self) -> Path:
        return self.lab.home / "corp-root.pem"

    def dockerfile(self, text: str) -> None:
        (self.folder / "Dockerfile").write_text(text)

    def run(self, *argv: str) -> Done:
        return self.lab.dfdev(*argv, env=self._env, timeout=280)

    def ask(self, what: str) -> Done:
        """By the tool itself, in the front end's container."""
        return self.run("npx", "--no", "-c", ASKS[what].format(url=self.shop.url()))

    def docker(self, *argv: str) -> bytes:
        command = ["docker", *argv]
        env = {**os.environ, **self._env}
        return subprocess.run(command, env=env, capture_output=True, timeout=120, check=True).stdout

    def image(self) -> str:
        (ref,) = self.docker(
            "images", "--filter", f"label=dev.dfdev.frontend={self.lab.name}", "--format", "{{.Repository}}:{{.Tag}}"
        ).split()
        return ref.decode()

    def clean(self) -> None:
        self.lab.clean()
        mine = f"label=dev.dfdev.frontend={self.lab.name}"
        images = self.docker("images", "-q", "--filter", mine).decode().split()
        if images:
            self.docker("rmi", "-f", *images)


@pytest.fixture
def shop(engine: machine.Engine, tmp_path: Path) -> Iterator[Shop]:
    """Where the engine's containers and builds reach this host."""
    command = [engine.docker, "network", "inspect", "bridge", "-f", "{{(index .IPAM.Config 0).Gateway}}"]
    done = subprocess.run(
        command, env={**os.environ, **engine.env}, capture_output=True, text=True, timeout=30, check=True
    )
    (tmp_path / "shop").mkdir()
    with open_shop(tmp_path / "shop", done.stdout.strip()) as opened:
        yield opened


@pytest.fixture
def corporate(new_lab: NewLab, engine: machine.Engine, shop: Shop) -> Iterator[Corporate]:
    made = Corporate(new_lab("corp"), engine, shop)
    yield made
    made.clean()


def test_every_tool_trusts_in_the_companys_server_once_its_ca_was_added(corporate: Corporate) -> None:
    for what in ASKS:
        refused = corporate.ask(what)
        assert refused.code != 0 and VERSION not in refused.out, what
        assert refused.err.splitlines()[-1].startswith(HINT), (what, refused.out, refused.err)
    done = corporate.run("ca", "add", str(corporate.root_pem), "--json").ok().json()
    assert [one["name"] for one in done["added"]] == ["example-corp-root-ca"]
    for what in ASKS:
        assert VERSION in corporate.ask(what).ok().out, what
    corporate.run("ca", "rm", "example-corp-root-ca").ok()
    assert corporate.ask("curl").code != 0


def test_the_public_ones_are_trusted_in_as_before(corporate: Corporate) -> None:
    """The bundle takes the place of npm's own: the tools' image itself is made of packages of the real registry."""
    corporate.run("ca", "add", str(corporate.root_pem)).ok()
    assert corporate.run("npm", "view", "grunt", "name").ok().out.strip() == "grunt"


def test_a_build_trusts_in_it_too_and_no_layer_has_the_secrets(corporate: Corporate) -> None:
    url = corporate.shop.build_url
    corporate.dockerfile(
        DOCKERFILE
        + f"""\
RUN --mount=type=secret,id=ca,target=/etc/dfdev/ca.pem,mode=0444 \\
    --mount=type=secret,id=apt,target=/etc/apt/apt.conf.d/99dfdev,mode=0444 \\
    --mount=type=secret,id=npmrc,target=/root/.npmrc \\
    test -s /root/.npmrc \\
    && git ls-remote {url}tiny.git \\
    && npm view --registry {url} --fetch-retries=0 tiny version \\
    && echo 'deb [trusted=yes] {url}apt ./' > /tmp/corp.list \\
    && apt-get update -o Dir::Etc::SourceList=/tmp/corp.list -o Dir::Etc::SourceParts=- \\
        -o APT::Update::Error-Mode=any \\
    && echo '{SEEN}' > /seen
"""
    )
    (corporate.lab.user / ".npmrc").write_text(f"//{corporate.shop.address}/:_authToken={TOKEN}\n")
    refused = corporate.run("npm", "--version")
    assert refused.code == 1 and HINT in refused.err
    corporate.run("ca", "add", str(corporate.root_pem)).ok()
    assert corporate.run("npm", "--version").ok().out.startswith("11.")
    image = corporate.image()
    told = corporate.docker("history", "--no-trunc", image) + corporate.docker("inspect", image)
    assert TOKEN.encode() not in told and _words(corporate) not in told
    saved = corporate.docker("save", image)
    assert _in_a_layer(saved, SEEN.encode()), "the layers can be searched"
    assert not _in_a_layer(saved, TOKEN.encode()) and not _in_a_layer(saved, _words(corporate))


def _words(corporate: Corporate) -> bytes:
    """A line of the CA's certificate."""
    return corporate.shop.root.pem.splitlines()[2]


def _in_a_layer(saved: bytes, words: bytes) -> bool:
    """Layers are archives without compression in what `docker save` writes."""
    with tarfile.open(fileobj=io.BytesIO(saved)) as archive:
        contents = (archive.extractfile(member) for member in archive)
        return any(words in content.read() for content in contents if content is not None)


def test_adding_is_told_and_a_second_time_changes_nothing(lab: Lab) -> None:
    root = make("Example Corp Root CA")
    (lab.home / "root.der").write_bytes(root.der)
    first = lab.dfdev("ca", "add", "root.der").ok()
    assert first.err.startswith("added example-corp-root-ca: Example Corp Root CA (until 20")
    assert "is there already" in lab.dfdev("ca", "add", "root.der").ok().err
    listed = lab.dfdev("ca", "list", "--json").ok().json()
    assert [one["name"] for one in listed["added"]] == ["example-corp-root-ca"]
    assert "example-corp-root-ca  Example Corp Root CA  20" in lab.dfdev("ca", "list").ok().out
    lab.dfdev("ca", "rm", "example-corp-root-ca").ok()
    assert lab.dfdev("ca", "list").ok().out == ""


def test_of_several_files_none_is_added_where_one_cannot_be(lab: Lab) -> None:
    root = make("Example Corp Root CA")
    (lab.home / "root.pem").write_bytes(root.pem)
    (lab.home / "key.pem").write_bytes(root.key_pem)
    done = lab.dfdev("ca", "add", "root.pem", "key.pem", "--json")
    assert done.code == 2 and "private key" in done.json()["error"]["message"]
    assert lab.dfdev("ca", "list", "--json").ok().json()["added"] == []
    assert "PRIVATE" not in json.dumps(done.json()) + done.err


def test_a_server_is_checked_from_here(lab: Lab, tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    with open_shop(tmp_path / "shop", "127.0.0.1") as shop:
        url = shop.url("tiny", "localhost")
        refused = lab.dfdev("ca", "check", url)
        assert refused.code == 1 and "its issuer is Example Corp Proxy CA" in refused.err
        (lab.home / "root.pem").write_bytes(shop.root.pem)
        lab.dfdev("ca", "add", "root.pem").ok()
        answer = lab.dfdev("ca", "check", url, "--json").ok().json()
        assert answer == {"server": f"localhost:{shop.port}", "issuer": "Example Corp Proxy CA"}
    gone = lab.dfdev("ca", "check", url)
    assert gone.code == 1 and "does not answer" in gone.err
    assert lab.dfdev("ca", "check", "http://localhost").code == 2
