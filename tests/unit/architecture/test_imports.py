"""The direction of imports, read from the source: a drawing that cannot go stale."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[3] / "dfdev"

ALLOWED = {
    "core": {"core", "errors", ""},
    "errors": set(),
    "resources": set(),
    "system": {"system", "core", "errors"},
    "ui": {"ui", "core", "errors"},
    "workspace": {"workspace", "core", "errors"},
    "engine": {"engine", "core", "errors"},
    "clock": {"clock", "machines", "engine", "system", "core", "errors", "resources"},
    "stack": {"stack", "clock", "machines", "workspace", "engine", "system", "core", "errors"},
    "machines": {"machines", "engine", "core", "errors", "system"},
    "trust": {"trust", "system", "core", "errors"},
    "images": {"images", "trust", "engine", "core", "errors", "system", "resources"},
    "mysql": {"mysql", "stack", "workspace", "engine", "system", "core", "errors", "resources"},
    "frontend": {
        "frontend", "trust", "images", "stack", "clock", "machines", "workspace", "engine", "system", "core", "errors",
        "resources",
    },
    "demo": {
        "demo", "images", "trust", "stack", "clock", "machines", "workspace", "engine", "system", "core", "errors",
        "resources",
    },
}  # fmt: skip
"""Room -> the rooms of ours that it may use. `cli` may use all."""

OUTSIDE = {"docker": {"engine"}, "requests": {"engine"}, "urllib3": {"engine"}, "dotenv": {"workspace"}, "rich": {"ui"}}
"""Library -> the only rooms that may import it."""


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


FILES = sorted(p for p in PACKAGE.rglob("*.py") if "_templates" not in p.parts and "_shell" not in p.parts)


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_room_only_uses_the_rooms_below_it(path: Path) -> None:
    allowed = ALLOWED.get(room(path))
    used = {name.partition(".")[2].partition(".")[0] for name in imports(path) if name.split(".")[0] == "dfdev"}
    assert allowed is None or used <= allowed


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_library_is_imported_in_its_room_only(path: Path) -> None:
    for name in imports(path):
        rooms = OUTSIDE.get(name.split(".")[0])
        assert rooms is None or room(path) in rooms, f"{name} in {path}"


def test_core_needs_nothing_but_the_standard_library() -> None:
    import sys

    outside = {n.split(".")[0] for p in (PACKAGE / "core").rglob("*.py") for n in imports(p)} - {"dfdev"}
    assert outside <= sys.stdlib_module_names


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_files_stay_small(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 400
