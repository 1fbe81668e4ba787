from __future__ import annotations

import os
from pathlib import Path

import pytest

from dfdev.errors import ConfigError
from dfdev.workspace.locate import find_home
from tests.unit.workspace.support import WWW, locked, write


def refused(flag: str | None, environ: dict[str, str], cwd: Path) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        find_home(flag, environ, cwd)
    assert caught.value.hint
    return caught.value


def user_default(tmp_path: Path, home: Path) -> dict[str, str]:
    config = tmp_path / "xdg" / "dfdev" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text(f'home = "{home}"\n')
    return {"XDG_CONFIG_HOME": str(tmp_path / "xdg")}


def test_the_flag_wins_over_the_variable_the_variable_over_the_parent_the_parent_over_the_default(
    tmp_path: Path,
) -> None:
    flag, variable, parent, default = (write(tmp_path / n, WWW) for n in ("flag", "var", "parent", "default"))
    inside = parent / "www" / "app"
    inside.mkdir(parents=True)
    environ = user_default(tmp_path, default)
    named = {**environ, "DFHOME": str(variable)}
    assert find_home(str(flag), named, inside) == (flag, "--home")
    assert find_home(None, named, inside) == (variable, "$DFHOME")
    assert find_home(None, environ, inside) == (parent, "dfdev.toml in the current folder or above")
    found = find_home(None, environ, tmp_path)
    assert found.path == default
    assert found.why == f"home in {tmp_path}/xdg/dfdev/config.toml"


def test_the_users_file_is_found_below_home_too(tmp_path: Path) -> None:
    default = write(tmp_path / "me" / "dramas", WWW)
    config = tmp_path / "me" / ".config" / "dfdev" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text('home = "~/dramas"\n')
    assert find_home(None, {"HOME": str(tmp_path / "me")}, tmp_path).path == default


def test_a_mistake_in_the_users_file_is_told_with_its_key(tmp_path: Path) -> None:
    environ = user_default(tmp_path, tmp_path)
    (tmp_path / "xdg/dfdev/config.toml").write_text("hom = 1\n[mounts]\nallow = 2\n")
    error = refused(None, environ, tmp_path)
    assert "config.toml" in error.message
    assert [line.split(" ")[0] for line in error.details] == ["hom", "mounts.allow"]
    assert "did you mean home?" in error.details[0]


def test_a_users_folder_that_may_not_be_entered_counts_as_empty(tmp_path: Path) -> None:
    environ = user_default(tmp_path, tmp_path)
    with locked(tmp_path / "xdg"):
        assert "no DFHOME" in refused(None, environ, tmp_path).message


def test_without_any_the_error_says_how_to_begin(tmp_path: Path) -> None:
    error = refused(None, {}, tmp_path)
    assert str(tmp_path) in error.message
    assert "dfdev demo" in error.hint


def test_an_empty_variable_counts_as_unset(tmp_path: Path) -> None:
    home = write(tmp_path / "home", WWW)
    assert find_home(None, {"DFHOME": ""}, home).path == home


def test_a_relative_flag_starts_at_the_current_folder(tmp_path: Path) -> None:
    home = write(tmp_path / "home", WWW)
    assert find_home("home", {}, tmp_path).path == home


@pytest.mark.parametrize("name", ["My Dramas 2", "драмы", "日本 ドラマ", "a'b\"c", "co:lon"])
def test_spaces_and_other_scripts_are_fine(tmp_path: Path, name: str) -> None:
    home = write(tmp_path / name, WWW)
    assert find_home(str(home), {}, tmp_path).path == home
    assert find_home(None, {}, home).path == home


def test_a_symbolic_link_is_resolved(tmp_path: Path) -> None:
    home = write(tmp_path / "real", WWW)
    (tmp_path / "link").symlink_to(home)
    assert find_home(str(tmp_path / "link"), {}, tmp_path).path == home


def test_missing_file_empty_and_looping_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "empty").mkdir()
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    said = {name: refused(str(tmp_path / name), {}, tmp_path).message for name in ("none", "file", "empty", "loop")}
    assert "does not exist" in said["none"]
    assert "a file, not a folder" in said["file"]
    assert "no dfdev.toml" in said["empty"]
    assert "cannot be used" in said["loop"]
    assert all("--home" in text and str(tmp_path) in text for text in said.values())


def test_a_path_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "cannot be used" in refused(str(tmp_path / "file" / "x"), {}, tmp_path).message


def test_a_name_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    folder = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9")
    write(Path(folder), WWW)
    assert "not UTF-8" in refused(folder, {}, tmp_path).message


def test_a_folder_that_may_not_be_entered_is_named(tmp_path: Path) -> None:
    home = write(tmp_path / "home", WWW)
    with locked(home):
        error = refused(str(home), {}, tmp_path)
    assert error.message == f"DFHOME cannot be read: {home}: permission denied (--home)"


def test_a_parent_that_may_not_be_entered_does_not_stop_the_search(tmp_path: Path) -> None:
    write(tmp_path, WWW)
    closed = tmp_path / "closed"
    closed.mkdir()
    with locked(closed):
        assert find_home(None, {}, closed / "inner").path == tmp_path
