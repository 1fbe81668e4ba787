"""How long the last save took to be built."""

from __future__ import annotations

import os
from pathlib import Path

from dfdev.frontend.rebuilt import last_rebuilt

SKIPPED = frozenset({"node_modules", "src/lib"})


def put(path: Path, when: float) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("")
    os.utime(path, (when, when))


def test_from_the_newest_source_to_the_newest_output(tmp_path: Path) -> None:
    put(tmp_path / "src/old.js", 50)
    put(tmp_path / "src/new.js", 100)
    put(tmp_path / "dist/app.js", 100.5)
    put(tmp_path / "dist/sub/app.css", 100.25)
    found = last_rebuilt(tmp_path, "dist", SKIPPED)
    assert found is not None
    assert str(found) == "0.5 s after src/new.js was saved"


def test_modules_components_and_hidden_files_are_no_sources(tmp_path: Path) -> None:
    put(tmp_path / "src/a.js", 100)
    put(tmp_path / "dist/a.js", 101)
    for name in ("node_modules/x/y.js", "src/lib/z.js", ".git/index", "src/.swp"):
        put(tmp_path / name, 200)
    found = last_rebuilt(tmp_path, "dist", SKIPPED)
    assert found is not None
    assert (found.source, found.seconds) == ("src/a.js", 1.0)


def test_what_was_not_built(tmp_path: Path) -> None:
    assert last_rebuilt(tmp_path, "dist", SKIPPED) is None
    put(tmp_path / "a.js", 100)
    assert str(last_rebuilt(tmp_path, "dist", SKIPPED)) == "nothing was built yet"
    put(tmp_path / "dist/a.js", 99)
    assert str(last_rebuilt(tmp_path, "dist", SKIPPED)) == "not since a.js was saved"
