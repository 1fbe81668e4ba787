"""What of a person's .npmrc goes into a container."""

from __future__ import annotations

from pathlib import Path

import pytest

from dfdev.trust.npmrc import has_secrets, npmrc, plain_registry
from dfdev.trust.proxies import HOST

MINE = """\
; a comment
registry = https://npm.corp.example/
@corp:registry=https://npm.corp.example/private/
//npm.corp.example/:_authToken = ${NPM_TOKEN}
//npm.corp.example/old/:_auth="bWU6c2VjcmV0"
//npm.corp.example/old/:always-auth=true
//npm.corp.example/:certfile=/Users/me/cert.pem
strict-ssl=false
prefix=/Users/me/.npm-global
cache=/Users/me/.npm
cafile=/Users/me/ca.pem
init-author-name=Me
_authToken=of an npm long ago
not a line
"""


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    (tmp_path / ".npmrc").write_text(MINE)
    return {"HOME": str(tmp_path), "NPM_TOKEN": "npm_s3cret"}


def test_registries_and_their_tokens_go_the_rest_stays(environ: dict[str, str]) -> None:
    assert npmrc(environ).decode() == (
        "registry=https://npm.corp.example/\n"
        "@corp:registry=https://npm.corp.example/private/\n"
        "//npm.corp.example/:_authToken=npm_s3cret\n"
        "//npm.corp.example/old/:_auth=bWU6c2VjcmV0\n"
        "//npm.corp.example/old/:always-auth=true\n"
        "strict-ssl=false\n"
    )


def test_a_variable_that_is_not_set_stays_as_npm_leaves_it(environ: dict[str, str]) -> None:
    del environ["NPM_TOKEN"]
    assert b"_authToken=${NPM_TOKEN}\n" in npmrc(environ)


@pytest.mark.parametrize("name", ["npm_config_registry", "NPM_CONFIG_REGISTRY"])
def test_the_environments_registry_wins(environ: dict[str, str], name: str) -> None:
    lines = npmrc(environ | {name: "https://other.example/"}).decode().splitlines()
    assert [line for line in lines if line.startswith("registry=")] == ["registry=https://other.example/"]


def test_another_file_of_the_user_counts(environ: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "other").write_text("registry=https://other.example/\n")
    assert npmrc(environ | {"npm_config_userconfig": str(tmp_path / "other")}) == b"registry=https://other.example/\n"


def test_a_registry_on_this_host_is_reached_where_the_container_knows_it(tmp_path: Path) -> None:
    (tmp_path / ".npmrc").write_text("registry=http://localhost:4873/\n//localhost:4873/:_authToken=x\n")
    environ = {"HOME": str(tmp_path)}
    assert npmrc(environ, HOST) == (
        b"registry=http://host.docker.internal:4873/\n//host.docker.internal:4873/:_authToken=x\n"
    )
    assert b"registry" not in npmrc(environ)


def test_nothing_there_is_nothing(tmp_path: Path) -> None:
    assert npmrc({"HOME": str(tmp_path)}) == b""
    assert npmrc({}) == b"" or Path("/.npmrc").exists()


def test_an_argument_of_a_build_holds_no_password() -> None:
    assert plain_registry({"npm_config_registry": "https://npm.example/"}) == "https://npm.example/"
    assert plain_registry({"npm_config_registry": "https://me:secret@npm.example/"}) == ""
    assert plain_registry({"npm_config_registry": "https://token@npm.example/"}) == ""
    assert plain_registry({"npm_config_registry": "http://127.0.0.1:4873/"}) == ""
    assert plain_registry({}) == ""


def test_whether_a_build_needs_it(environ: dict[str, str]) -> None:
    assert has_secrets(npmrc(environ))
    assert not has_secrets(b"registry=https://npm.example/\nstrict-ssl=false\n")
