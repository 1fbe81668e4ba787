"""Writing the demo: what is missing, never over a developer's change, never into a foreign folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dfdev.demo.files import FIRST, Written, decide, is_foreign, read_template, write
from dfdev.errors import DfdevError
from dfdev.resources import templates_dir

SOURCE = templates_dir() / "demo"
TEMPLATE = {FIRST: b'image = "dfdev-demo/www:dev"\n', "a.txt": b"one\ntwo\n", "b/empty": b""}


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_the_whole_template_is_written_hidden_and_executable_files_too(tmp_path: Path) -> None:
    written = write(tmp_path / "new" / "démo", SOURCE)
    found = contents(tmp_path / "new" / "démo")
    assert found == read_template(SOURCE) and set(written.written) == set(found)
    assert {FIRST, ".env", ".env.local.example", ".gitignore", "www/run/.gitkeep", "www/manage.py"} <= set(found)
    assert os.access(tmp_path / "new/démo/www/manage.py", os.X_OK)
    assert not os.access(tmp_path / "new/démo" / FIRST, os.X_OK)


def test_what_running_it_in_a_checkout_leaves_is_not_copied(tmp_path: Path) -> None:
    for name in ("www/run/.gitkeep", "www/run/www.log", "www/dramas/__pycache__/x.pyc", "www/x.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert set(read_template(tmp_path)) == {"www/run/.gitkeep", "www/x.py"}


def test_a_second_time_nothing_is_written(tmp_path: Path) -> None:
    write(tmp_path, SOURCE)
    assert write(tmp_path, SOURCE) == Written((), ())


def test_what_was_changed_is_kept_and_what_was_removed_comes_back(tmp_path: Path) -> None:
    write(tmp_path, SOURCE)
    (tmp_path / "www/templates/index.html").write_text("mine")
    (tmp_path / "www/static/style.css").unlink()
    assert write(tmp_path, SOURCE) == Written(("www/static/style.css",), ("www/templates/index.html",))
    assert (tmp_path / "www/templates/index.html").read_text() == "mine"


@pytest.mark.parametrize("killed_after", range(4))
def test_an_interrupted_write_is_finished(tmp_path: Path, killed_after: int) -> None:
    order = decide(read_template(SOURCE), {}).written
    for name in order[:killed_after]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(read_template(SOURCE)[name])
    (tmp_path / order[killed_after]).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / order[killed_after]).write_bytes(read_template(SOURCE)[order[killed_after]][:7])
    write(tmp_path, SOURCE)
    assert contents(tmp_path) == read_template(SOURCE)


def test_the_file_that_tells_a_demo_is_written_first() -> None:
    assert decide({"a": b"", FIRST: b"x"}, {}).written == (FIRST, "a")


@pytest.mark.parametrize(
    ("present", "entries", "foreign"),
    [
        ({}, [], False),
        ({}, [".git", ".DS_Store"], False),
        ({}, ["notes.txt"], True),
        ({FIRST: b'[services.www]\nimage = "other:1"\n'}, [FIRST], True),
        ({FIRST: b'# mine\nimage = "dfdev-demo/www:dev"\n'}, [FIRST, "notes.txt"], False),
        ({FIRST: b"image"}, [FIRST], False),
    ],
)
def test_whose_folder_it_is(present: dict[str, bytes], entries: list[str], foreign: bool) -> None:
    assert is_foreign(TEMPLATE, present, entries) is foreign


def test_a_foreign_folder_is_left_alone_with_a_hint(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    with pytest.raises(DfdevError, match=r"no demo: it has notes\.txt") as caught:
        write(tmp_path, SOURCE)
    assert caught.value.hint == "dfdev demo OTHER_FOLDER"
    assert contents(tmp_path) == {"notes.txt": b"hello"}


def test_a_file_in_the_way_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DfdevError, match="file"):
        write(tmp_path / "file", SOURCE)
    write(tmp_path / "demo", SOURCE)
    (tmp_path / "demo/.env").unlink()
    (tmp_path / "demo/.env").mkdir()
    with pytest.raises(DfdevError, match=r"\.env"):
        write(tmp_path / "demo", SOURCE)
