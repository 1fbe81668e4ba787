"""Which node `.nvmrc` and `engines` ask for."""

from __future__ import annotations

import re

import pytest

from dfdev.workspace.node_version import DEFAULT, of_engines, of_nvmrc


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("v20.11.1\n", "20.11.1"),
        ("18", "18"),
        ("16.x", "16"),
        ("lts/iron\n", "20"),
        ("hydrogen", "18"),
        ("lts/*", DEFAULT),
        ("node", DEFAULT),
        ("22 # as production", "22"),
        ("v8.17.0\r\n", "8.17.0"),
        ("8", "8"),
        ("v0.10", "0.10"),
        ("lts/argon", "4"),
        ("lts/boron", "6"),
        ("lts/carbon", "8"),
        ("lts/Dubnium\r\n", "10"),
        ("lts/erbium", "12"),
        ("lts/fermium", "14"),
        ("lts/gallium", "16"),
        ("lts/jod", "22"),
        ("lts/krypton", "24"),
        ("stable", DEFAULT),
        ("lts/-1", "22"),
        ("lts/-10", "4"),
        ("# as production\r\n\r\n  v8.17.0  # until the move\r\n\r\n", "8.17.0"),
        ("", ""),
        ("# nothing\n\n", ""),
    ],
)
def test_nvmrc(text: str, node: str) -> None:
    assert of_nvmrc(text) == node


@pytest.mark.parametrize(
    "text",
    ["what", "lts/-11", "lts/", "lts/unobtainium", "iojs", "system", ">=8", "8.17.0-rc.1", "8\n10", "8 10", "v", "-1/"],
)
def test_words_that_are_no_version_are_not_passed_over(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(" ".join(text.split()))):
        of_nvmrc(text)


@pytest.mark.parametrize(
    ("text", "node"),
    [
        (">=18", DEFAULT),
        (">= 18 < 21", "20"),
        ("^20.9.0", "20"),
        ("~22.1", "22"),
        ("20.x", "20"),
        ("20.11.1", "20.11.1"),
        ("16 || 18", "18"),
        ("^18.0.0 || >=20.0.0", DEFAULT),
        ("14 - 16", "16"),
        ("<= 12", "12"),
        ("< 12", "10"),
        ("> 24", "26"),
        ("*", DEFAULT),
        ("~0.10.0", "0.10"),
        (">=0.8 <1", "0.8"),
        ("0.12.x", "0.12"),
        ("^11.1", "11"),
        (">=8 <10", "8"),
        ("~9", "9"),
        ("24.x || >=26", DEFAULT),
        (">=27", ""),
        ("lts/carbon", ""),
        ("nonsense", ""),
        ("", ""),
    ],
)
def test_engines(text: str, node: str) -> None:
    assert of_engines(text) == node
