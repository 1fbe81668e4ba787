"""The lock is what is installed and audited: each package in one version, by its hashes, and none beside it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
LOCK = (ROOT / "tests" / "requirements.lock").read_text()
_ENTRY = re.compile(
    r"^([a-zA-Z0-9][\w.-]*)(?:\[[^\]]*\])?(==\S+)?(?: ; [^\\]*)?((?:\s*\\\n\s+--hash=sha256:[0-9a-f]{64})*)$", re.M
)


def _plain(requirement: str) -> str:
    return re.split(r"[\s\[<>=!~;]", requirement, maxsplit=1)[0].lower().replace("_", "-").replace(".", "-")


def test_every_package_has_one_version_and_its_hashes() -> None:
    lines = [line for line in LOCK.splitlines() if line and not line.startswith((" ", "#"))]
    found = _ENTRY.findall(LOCK)
    assert len(found) == len(lines) > 50
    assert [name for name, version, hashes in found if not version or not hashes] == []


def test_every_dependency_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    locked = {_plain(name) for name, _, _ in _ENTRY.findall(LOCK)}
    assert {_plain(requirement) for requirement in wanted} - locked == set()


def test_hashes_are_asked_for_wherever_it_is_installed() -> None:
    places = [ROOT / "shell" / "test.sh", ROOT / "tests" / "pythons" / "Dockerfile"]
    for place in places:
        text = place.read_text().replace("\\\n", " ")
        lines = [line for line in text.splitlines() if "-r" in line.split() and "requirements.lock" in line]
        assert lines, place
        assert all("--require-hashes" in line for line in lines), place
