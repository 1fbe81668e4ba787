"""What a run learns to hide from the files of a workspace and from the environment."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

from dfdev.core.secrets import MASK, Secrets
from dfdev.errors import ConfigError
from dfdev.workspace.load import load
from dfdev.workspace.secret_values import secrets_of
from tests.unit.workspace.support import WWW, write


def learnt(home: Path, toml: str, environ: dict[str, str] | None = None, **files: str) -> Secrets:
    """Whether it holds or not."""
    secrets = secrets_of(environ or {})
    with suppress(ConfigError):
        load(write(home, toml, **files), environ or {}, secrets=secrets)
    return secrets


def test_of_variables_beside_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    secrets = learnt(tmp_path, "[workspace\n", env_local="MINE=in-local\n")
    assert secrets.hidden("in-local") == MASK


@pytest.mark.parametrize("broken", ["", "port = 5\n"])
def test_of_every_layer(tmp_path: Path, broken: str) -> None:
    toml = WWW + broken + 'command = ["x", "${USED}", "redis://:in/url@h"]\n[services.www.env]\nA_PASS = "in-table"\n'
    secrets = learnt(
        tmp_path,
        toml,
        {"USED": "in-environment", "UNUSED": "of-no-interest", "A_TOKEN": "in-token", "BELOW": "in-reference"},
        env="PUBLIC=of-everybody\nDB_PASSWORD=in-committed\nMADE=a/${BELOW}\n",
        env_local="MINE=in-local\n",
    )
    for text in ("in-environment", "in-token", "in-table", "in/url", "in-committed", "in-local", "in-reference"):
        assert secrets.hidden(f"see {text} there") == f"see {MASK} there", text
    for text in ("of-everybody", "of-no-interest"):
        assert secrets.hidden(text) == text


def test_of_an_env_file_of_a_service(tmp_path: Path) -> None:
    (tmp_path / "www.env").write_text("A_SECRET=in-service\nLEVEL=of-everybody\n")
    secrets = learnt(tmp_path, WWW + 'env_file = "www.env"\n')
    assert secrets.hidden("in-service of-everybody") == f"{MASK} of-everybody"


def test_names_stay(tmp_path: Path) -> None:
    toml = '[workspace]\nname = "shop-${BRANCH}"\n' + WWW
    secrets = learnt(
        tmp_path, toml, env_local=f"BRANCH=feature-x\nMAIN=www\nCODE={tmp_path}\nURL=http://localhost:80\n"
    )
    told = f"shop-feature-x-www {tmp_path} http://localhost:80"
    assert secrets.hidden(told) == told


def test_the_environment_alone() -> None:
    secrets = secrets_of({"DOCKER_HOST": "tcp://me:in-host@h:2375", "PWD": "/home/me", "GIT_ASKPASS": "/usr/bin/ask"})
    assert secrets.hidden("me:in-host@h /home/me /usr/bin/ask") == f"me:{MASK}@h /home/me /usr/bin/ask"
