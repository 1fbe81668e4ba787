"""The section at the end of dfdev.toml."""

from __future__ import annotations

import tomllib

import pytest

from dfdev.errors import ConfigError
from dfdev.frontend.scaffold_toml import section_value, with_section


@pytest.mark.parametrize("text", ["", '[workspace]\nname = "shop"', '[workspace]\nname = "shop"\n', "# a\r\nx = 1\r\n"])
def test_it_is_added_at_the_end_and_nothing_else_is_touched(text: str) -> None:
    after = with_section(text, 'Küche "neu"', "24", "")
    assert after.startswith(text)
    assert tomllib.loads(after) == tomllib.loads(text) | {"frontend": {"dir": 'Küche "neu"', "node": "24"}}
    assert ("\r\n[frontend]\r\n" in after) == ("\r\n" in text)


@pytest.mark.parametrize(
    "there", ['[frontend]\ndir = "web/"\n', 'frontend.dir = "web"\n', 'frontend = {dir = "web"}\n']
)
def test_one_that_is_there_stays_and_must_be_the_same(there: str) -> None:
    assert with_section(there, "web", "22", "linux/amd64") == there
    with pytest.raises(ConfigError, match=r"names the folder 'web/?', not 'site'"):
        with_section(there, "site", "", "")


def test_what_it_says() -> None:
    assert section_value('[frontend]\ndir = "web"\nnode = 22\n', "node") == "22"
    assert section_value("[workspace]\n", "node") == section_value("", "dir") == ""
