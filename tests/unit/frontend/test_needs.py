"""What a command needs of the modules."""

from __future__ import annotations

import pytest

from dfdev.frontend.needs import need_of


@pytest.mark.parametrize(
    ("words", "need"),
    [
        ("grunt", "modules"),
        ("grunt build", "modules"),
        ("grunt --version", "plain"),
        ("grunt --version --verbose", "modules"),
        ("npm", "plain"),
        ("npm --version", "plain"),
        ("npm view lodash", "plain"),
        ("npm init", "plain"),
        ("npm install", "changes"),
        ("npm --save-dev i lodash", "changes"),
        ("npm ci", "changes"),
        ("npm install -g yo", "plain"),
        ("npm run build", "modules"),
        ("npm test", "modules"),
        ("npx eslint .", "modules"),
        ("bower", "plain"),
        ("bower --version", "plain"),
        ("bower install", "components"),
        ("bower --offline i library", "components"),
        ("bower list", "plain"),
        ("bash", "modules"),
    ],
)
def test_need(words: str, need: str) -> None:
    tool, *args = words.split()
    assert need_of(tool, args) == need
