"""Where the caller stands, in the container."""

from __future__ import annotations

from pathlib import Path

import pytest

from dfdev.errors import UsageError
from dfdev.frontend.folder import inside, probe
from tests.unit.workspace.support import locked


def test_the_same_folder_in_the_container(tmp_path: Path) -> None:
    below = tmp_path / "web" / "Größe 日本"
    below.mkdir(parents=True)
    assert inside(tmp_path, tmp_path) == "/work"
    assert inside(tmp_path, below) == "/work/web/Größe 日本"
    assert inside(tmp_path, below / ".." / ".") == "/work/web"


def test_a_link_is_followed(tmp_path: Path) -> None:
    home, out = tmp_path / "home", tmp_path / "out"
    home.mkdir()
    out.mkdir()
    (out / "link").symlink_to(home)
    (home / "leads-out").symlink_to(out)
    assert inside(home, out / "link") == "/work"
    with pytest.raises(UsageError):
        inside(home, home / "leads-out")


def test_outside_it_is_said_where_to_go(tmp_path: Path) -> None:
    beside = tmp_path / "home-of-others"
    with pytest.raises(UsageError, match="outside DFHOME") as error:
        inside(tmp_path / "home", beside)
    assert str(tmp_path / "home") in error.value.hint


def test_a_probe_is_there_meanwhile(tmp_path: Path) -> None:
    with probe(tmp_path) as name:
        assert (tmp_path / name).exists()
    assert list(tmp_path.iterdir()) == []


def test_a_probe_that_somebody_else_removed(tmp_path: Path) -> None:
    with probe(tmp_path) as name:
        (tmp_path / name).unlink()
    assert list(tmp_path.iterdir()) == []


def test_no_probe_where_nobody_may_write(tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir()
    with locked(folder), probe(folder) as name:
        assert name == ""
