"""Everything printed goes through `ui.out.Out`, which hides secrets and what steers a terminal: nobody else writes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.architecture.test_imports import FILES, PACKAGE

REASONS = {
    "ui/out.py": "it is the way out",
    "ui/live.py": "rich's screen, of texts that Out has made fit",
    "__main__.py": "the version",
    "cli/app.py": "the version and the help pages",
    "cli/help.py": "the help pages",
    "cli/mysql_data.py": "a dump to stdout, byte for byte",
    "frontend/run.py": "a tool's own streams, and messages that Out has made fit",
}
ECHOES = {"print", "echo", "secho"}


def writes(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            called = node.func
            name = getattr(called, "attr", getattr(called, "id", ""))
            if name in ECHOES or (name in ("write", "writelines") and _is_stream(called)):
                yield name


def _is_stream(called: ast.expr) -> bool:
    return any(getattr(part, "attr", getattr(part, "id", "")) in ("stdout", "stderr") for part in ast.walk(called))


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_whoever_writes_has_a_reason(path: Path) -> None:
    found = sorted(set(writes(path)))
    known = path.relative_to(PACKAGE).as_posix() in REASONS
    assert bool(found) <= known, f"{', '.join(found)}: common.out says it, or say here why not"


def test_the_reasons_are_those_of_today() -> None:
    assert {name for name in REASONS if not list(writes(PACKAGE / name))} == set()
