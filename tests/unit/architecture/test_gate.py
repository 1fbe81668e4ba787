"""Who looks at the disk at all, in the rooms that know a workspace: everybody else asks the gate."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.architecture.test_imports import FILES, PACKAGE, room

ROOMS = {"workspace", "stack", "mysql", "frontend", "cli"}
"""Those that are handed a workspace. The others know this computer and its engine, and no path of a workspace's."""
LOOKS = {
    "read_text",
    "read_bytes",
    "open",
    "iterdir",
    "rglob",
    "glob",
    "scandir",
    "walk",
    "listdir",
    "realpath",
    "resolve",
}
REASONS = {
    "workspace/gate.py": "it is the gate",
    "workspace/regular.py": "it opens what the gate let through",
    "workspace/locate.py": "it finds DFHOME itself",
    "workspace/toml_file.py": "its own read_text, which asks the gate",
    "workspace/env.py": "its own read_text, and a name that is resolved",
    "workspace/interpolate.py": "a variable's name is resolved",
    "stack/proof.py": "probes in mounts that were looked at",
    "stack/stale.py": "a probe in a mount that was looked at",
    "stack/ground.py": "the machine's shares of mounts that were looked at",
    "stack/logs.py": "names and sizes in log folders that the gate lets through",
    "stack/memory.py": "a file of our own in the state folder, outside of every workspace",
    "mysql/bake.py": "templates",
    "mysql/feed.py": "a template",
    "mysql/stillness.py": "a template",
    "mysql/fixtures.py": "the folder that the gate gave, and files that must_lie_inside",
    "mysql/formats.py": "fixtures that must_lie_inside, and files that the user names",
    "mysql/load.py": "fixtures that must_lie_inside",
    "mysql/sql_file.py": "files below the folder of one that was let through, by their real paths",
    "mysql/mysqlsh.py": "fixtures that must_lie_inside, and a folder that the user names",
    "mysql/checking.py": "a file that the user names",
    "mysql/export.py": "a file that the user names",
    "mysql/migrations.py": "names in code folders that the gate lets through",
    "frontend/assets.py": "names; contents are read through the gate",
    "frontend/folder.py": "where the caller stands",
    "frontend/front.py": "a template",
    "frontend/personal.py": "names of DFHOME, and where they lead",
    "frontend/rebuilt.py": "times of files; its output is asked for at the gate",
    "frontend/scaffold_disk.py": "templates, and names; contents are read and written through the gate",
    "cli/demoing.py": "a folder that the user names",
    "cli/frontend_init.py": "toml_file's read_text, which asks the gate",
}


def looks(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if name in LOOKS and not (isinstance(called, ast.Attribute) and _is_gate(called.value)):
                yield name


def _is_gate(node: ast.expr) -> bool:
    return getattr(node, "attr", getattr(node, "id", "")) == "gate"


@pytest.mark.parametrize("path", [p for p in FILES if room(p) in ROOMS], ids=lambda p: str(p.relative_to(PACKAGE)))
def test_whoever_looks_at_the_disk_has_a_reason(path: Path) -> None:
    found = sorted(set(looks(path)))
    known = path.relative_to(PACKAGE).as_posix() in REASONS
    assert bool(found) <= known, f"{', '.join(found)}: ask workspace/gate.py, or say here why not"


def test_the_reasons_are_those_of_today() -> None:
    assert {name for name in REASONS if not list(looks(PACKAGE / name))} == set()
