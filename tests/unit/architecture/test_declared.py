"""What is imported is what pyproject.toml names: nothing works only because something else brought it along."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

import pytest

from tests.unit.architecture.test_imports import imports

ROOT = Path(__file__).resolve().parents[3]
OURS = {"dfdev", "tests"}
BROUGHT = {"requests": "docker", "urllib3": "docker", "rich": "typer"}
"""Library -> the one whose interface it is a part of."""
NAMES = {"python-dotenv": "dotenv", "backports-zstd": "backports"}
ELSEWHERE = {"tests/bench/data"}
"""Files that run in a container of their own."""


def declared(*groups: str) -> set[str]:
    found = tomllib.loads((ROOT / "pyproject.toml").read_text())
    lines = [*found["project"]["dependencies"], *(line for g in groups for line in found["dependency-groups"][g])]
    names = (re.split(r"[^\w.-]", line)[0].lower().replace(".", "-").replace("_", "-") for line in lines)
    return {NAMES.get(name, name) for name in names}


def imported(folder: str) -> dict[str, Path]:
    """Library -> a file that imports it."""
    paths = [p for p in (ROOT / folder).rglob("*.py") if not any((ROOT / e) in p.parents for e in ELSEWHERE)]
    return {name.split(".")[0]: path for path in paths for name in imports(path)}


@pytest.mark.parametrize(("folder", "groups"), [("dfdev", ()), ("tests", ("dev",))])
def test_every_library_is_declared(folder: str, groups: tuple[str, ...]) -> None:
    found = {BROUGHT.get(name, name): path for name, path in imported(folder).items()}
    assert found.keys() - OURS - sys.stdlib_module_names <= declared(*groups), found
