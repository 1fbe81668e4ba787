"""What chosen tests need beside Python, a word each: `python -m tests.needs [PATH…] [pytest's options]`.

engine   real Docker engines, and being root
vm       the emulator and the disks of a VM
browser  Chromium
"""

from __future__ import annotations

import contextlib
import io
import sys
from collections.abc import Iterable

import pytest

FIXTURES = {
    "engine": {"engine28", "engine2010", "any_engine", "busybox_tar", "new_lab", "vm"},
    "28": {"new_lab"},
    "20.10": {"old_lab", "shop"},
    "vm": {"vm"},
    "browser": {"browser"},
}


class Collected:
    """A plug-in that keeps what pytest would run."""

    def __init__(self) -> None:
        self.items: list[pytest.Item] = []

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.items = session.items


def needs(fixtures: Iterable[str], markers: Iterable[str]) -> set[str]:
    """Of one test."""
    found = {word for word, names in FIXTURES.items() if names & set(fixtures)}
    return found | ({"engine"} if "engine" in set(markers) else set())


def main(arguments: list[str]) -> int:
    collected, said = Collected(), io.StringIO()
    with contextlib.redirect_stdout(said):
        code = pytest.main([*arguments, "--collect-only", "-q"], plugins=[collected])
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        print(said.getvalue()[-3000:], file=sys.stderr)
        return int(code)
    asked = (needs(getattr(i, "fixturenames", ()), (m.name for m in i.iter_markers())) for i in collected.items)
    print(*sorted(set().union(*asked)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
