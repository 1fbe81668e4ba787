"""What is printed of a workspace, and that no secret is."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from dfdev.core.secrets import MASK
from dfdev.workspace.masking import holds_password, is_secret_name
from dfdev.workspace.show import pick, rows, shown_tree, toml
from dfdev.workspace.workspace import Workspace
from tests.unit.workspace.support import WWW, loaded

TOML = """
[registry]
access_key = "${AWS_ACCESS_KEY_ID}"
secret_key = "literal-hunter"
[mysql]
image = "mysql:dev"
password = "${PW}"
""" + WWW + """
command = ["serve", "--pw=${PW}", "--port=80"]
extra_hosts = ["db:${ADDRESS}"]
[services.www.env]
API_TOKEN = "hunter"
DATABASE_URL = "mysql://www:hunter@mysql/dramas"
COMPOSED = "${FROM_ENV}"
PLAIN = "${PLAIN:-shown}"
"""  # fmt: skip
ENVIRON = {"AWS_ACCESS_KEY_ID": "hunter-aws"}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return loaded(tmp_path, TOML, ENVIRON, env="FROM_ENV=x${PW}\n", env_local="PW=hunter-pw\nADDRESS=hunter-addr\n")


def test_secrets_are_masked_by_name_by_layer_and_by_what_they_are_made_of(workspace: Workspace) -> None:
    tree = shown_tree(workspace)
    assert "hunter" not in str(tree)
    www = tree["services"]["www"]
    assert www["command"] == ["serve", MASK, "--port=80"]
    assert www["env"] == {"API_TOKEN": MASK, "DATABASE_URL": MASK, "COMPOSED": MASK, "PLAIN": "shown"}
    assert tree["registry"]["access_key"] == tree["registry"]["secret_key"] == MASK
    assert tree["mysql"]["password"] == MASK
    assert workspace.config.mysql is not None
    assert workspace.config.mysql.password == "hunter-pw", "the value itself is not masked"


def test_no_repr_shows_a_value(workspace: Workspace) -> None:
    import rich.pretty

    parts = (workspace, workspace.config, workspace.config.mysql, workspace.config.services, workspace.env)
    assert not any("hunter" in repr(part) for part in parts)
    assert not any("hunter" in rich.pretty.pretty_repr(part) for part in parts)


def test_what_is_shown_is_toml_again(workspace: Workspace) -> None:
    text = "\n".join(str(row) for row in rows(workspace) if not row.unsaid)
    again = tomllib.loads(text)
    assert again["services"]["www"]["command"] == ["serve", MASK, "--port=80"]
    assert again["registry"]["port"] == 5000
    assert again["workspace"]["name"] == workspace.name


def test_absent_sections_are_left_out(tmp_path: Path) -> None:
    assert set(shown_tree(loaded(tmp_path, ""))) == {
        "workspace", "machine", "clock", "services", "images", "profiles",
    }  # fmt: skip


def test_pick_takes_sections_leaves_and_elements(workspace: Workspace) -> None:
    tree = shown_tree(workspace)
    assert pick(tree, "registry.port") == 5000
    assert pick(tree, "services.www.command[0]") == "serve"
    assert pick(tree, "services.www.env.PLAIN") == "shown"
    with pytest.raises(KeyError):
        pick(tree, "registry.nope")


@pytest.mark.parametrize(
    "name",
    ["password", "MYSQL_PASSWORD", "DB_PASSWD", "secret_key", "SECRET_KEY", "AWS_SECRET_ACCESS_KEY", "access_key",
     "API_KEY", "apikey", "GITHUB_TOKEN", "PRIVATE_PEM", "passphrase", "DB_PW", "STRIPE_KEY"],
)  # fmt: skip
def test_names_of_secrets(name: str) -> None:
    assert is_secret_name(name)


@pytest.mark.parametrize("name", ["image", "port", "KEYBOARD", "MONKEY", "PATH", "DJANGO_SETTINGS_MODULE", "user"])
def test_names_of_no_secrets(name: str) -> None:
    assert not is_secret_name(name)


def test_urls() -> None:
    assert holds_password("redis://:pw@host/0")
    assert holds_password("mysql://u:p@h/db")
    assert not holds_password("http://host:80/a@b")


def test_toml_text() -> None:
    values = ['a"b\\c\n\x1b\x7f🎬', True, 5, ["x", 1]]
    assert tomllib.loads("".join(f"v{n} = {toml(v)}\n" for n, v in enumerate(values))) == {
        f"v{n}": v for n, v in enumerate(values)
    }


def test_what_came_from_the_environment_is_masked_wherever_it_ends_up(tmp_path: Path) -> None:
    text = (
        WWW.replace("image = ", 'command = ["x", "${MINE}"]\nimage = ')
        + '[services.www.env]\nA = "${MINE}"\nH = "${HOME}/x"\n'
    )
    workspace = loaded(tmp_path, text, {"MINE": "hunter", "HOME": "/home/me"})
    assert "hunter" not in str(shown_tree(workspace)) + str(rows(workspace))
    assert shown_tree(workspace)["services"]["www"]["env"] == {"A": MASK, "H": "/home/me/x"}


def test_secrets_are_shown_when_asked_for(workspace: Workspace) -> None:
    shown = shown_tree(workspace, secrets=True)
    assert shown["mysql"]["password"] == "hunter-pw"
    assert MASK not in str(shown) + str(rows(workspace, secrets=True))
