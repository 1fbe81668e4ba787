"""References of images: what docker takes and what it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from dfdev.workspace.image_reference import parse_image
from dfdev.workspace.values import UnfitError
from tests.unit.workspace.support import problems

DIGEST = "sha256:" + "a" * 64


@pytest.mark.parametrize(
    "text",
    [
        "www", "www:dev", "mysql:8.4", "a/b/c:1", "our-local-repo-alias:5000/mysql:dev", "localhost/www", "Repo.X/www",
        "LOCALHOST:5000/www:Dev_1.0-x", "[::1]:5000/a", "a__b/c.d-e--f_g", f"www@{DIGEST}", f"r.io/www:1@{DIGEST}",
        "www:1.2", "127.0.0.1:5000/www:dev",
    ],
)  # fmt: skip
def test_taken(text: str) -> None:
    assert parse_image(text) == text


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("MyTeam/WWW:dev", 'write image = "myteam/www:dev"'),
        ("WWW", 'write image = "www"'),
        ("our.Repo:5000/Team/WWW:Dev", 'write image = "our.Repo:5000/team/www:Dev"'),
        (f"Www@{DIGEST}", f'write image = "www@{DIGEST}"'),
    ],
)
def test_capital_letters_are_answered_with_the_line_to_write(text: str, line: str) -> None:
    with pytest.raises(UnfitError) as caught:
        parse_image(text)
    assert "lower case" in caught.value.expected and caught.value.hint == line


@pytest.mark.parametrize(
    "text",
    ["", "a b", "-a", "a/", "/a", "a//b", "a:", "a:-x", "a@sha256:1", "a__ _b", "a___b", "a..b", "http://a/b", "ä",
     "a:ü", "a" * 256, "a" * 64, "a:" + "x" * 129, "h_st:5/a", "a:1:2/b c"],
)  # fmt: skip
def test_refused(text: str) -> None:
    with pytest.raises(UnfitError):
        parse_image(text)


def test_every_key_that_takes_one(tmp_path: Path) -> None:
    (tmp_path / "frontend").mkdir()
    found = problems(
        tmp_path,
        """
[registry]
image = "MyTeam/registry:3"
[mysql]
image = "MyTeam/mysql:dev"
base = "MySQL:8.4"
[services.www]
image = "MyTeam/WWW:dev"
[frontend]
dir = "frontend"
image = "Node:24"
base = "Debian:12"
""",
    )
    assert {key: problem.hint for key, problem in found.items()} == {
        "registry.image": 'write image = "myteam/registry:3"',
        "mysql.image": 'write image = "myteam/mysql:dev"',
        "mysql.base": 'write base = "mysql:8.4"',
        "services.www.image": 'write image = "myteam/www:dev"',
        "frontend.image": 'write image = "node:24"',
        "frontend.base": 'write base = "debian:12"',
    }
