"""What a build has made, as one hash."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dfdev.errors import DfdevError
from dfdev.frontend.assets import Assets
from dfdev.frontend.assets import assets_in as assets_by
from dfdev.workspace.gate import Gate


def assets_in(folder: Path) -> Assets:
    return assets_by(Gate(folder.parent), folder)


def put(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def test_in_two_places_it_is_the_same(tmp_path: Path) -> None:
    first = assets_in(put(tmp_path / "a", js__app="one", css="two"))
    put(tmp_path / "b", css="two")
    second = assets_in(put(tmp_path / "b", js__app="one"))
    os.utime(tmp_path / "b" / "css", (1, 1))
    assert first == second == assets_in(tmp_path / "b")
    assert (first.files, first.size) == (2, 6)


@pytest.mark.parametrize("files", [{"app": "ONE"}, {"app": "one", "more": ""}, {"other": "one"}, {"app__x": "one"}])
def test_what_makes_it_another(tmp_path: Path, files: dict[str, str]) -> None:
    assert assets_in(put(tmp_path / "a", app="one")).digest != assets_in(put(tmp_path / "b", **files)).digest


def test_nothing_was_made(tmp_path: Path) -> None:
    (tmp_path / "empty" / "folders").mkdir(parents=True)
    (tmp_path / "file").write_text("")
    for name in ("empty", "file", "none"):
        with pytest.raises(DfdevError, match="the build made nothing") as error:
            assets_in(tmp_path / name)
        assert "`output`" in error.value.hint
