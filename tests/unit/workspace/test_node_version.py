"""Which node `.nvmrc` and `engines` ask for."""

from __future__ import annotations

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
        ("", ""),
        ("what", ""),
    ],
)
def test_nvmrc(text: str, node: str) -> None:
    assert of_nvmrc(text) == node


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
        ("nonsense", ""),
        ("", ""),
    ],
)
def test_engines(text: str, node: str) -> None:
    assert of_engines(text) == node
