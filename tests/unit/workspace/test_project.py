"""The front-end folder as its own files describe it."""

from __future__ import annotations

from pathlib import Path

import pytest

from dfdev.errors import ConfigError
from dfdev.workspace.gate import Gate
from dfdev.workspace.load import load
from dfdev.workspace.problem import WorkspaceError
from dfdev.workspace.project import Project, project_of, read_json


def project(home: Path, more: str = "", **files: str) -> Project:
    folder = home / "front end é"
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name.replace("__", ".").replace("_", "-")).write_text(text)
    (home / "dfdev.toml").write_text(f'[frontend]\ndir = "front end é"\n{more}')
    return project_of(load(home, {}))


def test_an_empty_folder_has_the_default_and_nothing_to_install(tmp_path: Path) -> None:
    found = project(tmp_path)
    assert found == Project(tmp_path / "front end é", "/work/front end é", "24", "", "", "", "bower_components")


def test_node_is_the_files_then_nvmrcs_then_engines(tmp_path: Path) -> None:
    engines = '{"engines": {"node": "^18"}}'
    assert project(tmp_path, package__json=engines).node == "18"
    assert project(tmp_path, __nvmrc="v20.1.0").node == "20.1.0"
    assert project(tmp_path, 'node = "22"').node == "22"
    assert project(tmp_path, "node = 16").node == "16"


def test_a_node_that_nobody_knows_is_named_with_what_to_type(tmp_path: Path) -> None:
    hint = 'write its number into .nvmrc, as in 20.11; or node = "20.11" under [frontend] in dfdev.toml'
    with pytest.raises(ConfigError, match=r"nvmrc: 'lts/unobtainium' is no version of node") as caught:
        project(tmp_path, __nvmrc="lts/unobtainium\r\n")
    assert caught.value.hint == hint
    assert project(tmp_path, "node = 16").node == "16"
    (tmp_path / "front end é" / ".nvmrc").write_text("# see package.json\n")
    with pytest.raises(ConfigError, match=r"package.json: engines: .* in the range '>=99'") as caught:
        project(tmp_path, package__json='{"engines": {"node": ">=99"}}')
    assert caught.value.hint == hint


def test_an_nvmrc_as_windows_writes_it(tmp_path: Path) -> None:
    project(tmp_path)
    for encoding in ("utf-16", "utf-8-sig"):
        (tmp_path / "front end é" / ".nvmrc").write_bytes("lts/carbon\r\n".encode(encoding))
        assert project(tmp_path).node == "8"


def test_the_modules_depend_on_lockfile_node_and_platform_and_on_nothing_else(tmp_path: Path) -> None:
    first = project(tmp_path, package__json="{}", package_lock__json='{"lockfileVersion": 3}')
    assert first.lock == "package-lock.json"
    assert project(tmp_path, package__json='{"name": "other"}').modules == first.modules
    assert project(tmp_path, "node = 22").modules != first.modules
    assert project(tmp_path, 'platform = "linux/amd64"').modules != first.modules
    assert project(tmp_path, package_lock__json='{"lockfileVersion": 3 }').modules != first.modules


def test_without_a_lockfile_they_depend_on_package_json(tmp_path: Path) -> None:
    first = project(tmp_path, package__json="{}")
    assert first.lock == ""
    assert first.modules
    assert project(tmp_path, package__json='{"name": "other"}').modules != first.modules


def test_components_depend_on_bower_json_and_go_where_bowerrc_says(tmp_path: Path) -> None:
    first = project(tmp_path, bower__json="{}", __bowerrc='{"directory": "src/lib/"}')
    assert (first.components_folder, first.modules) == ("src/lib", "")
    assert project(tmp_path, bower__json='{"name": "x"}').components != first.components
    assert project(tmp_path, __bowerrc='{"directory": "../lib"}').components_folder == "bower_components"


@pytest.mark.parametrize("text", ['{"name": "a",\n  oops}', "[]", "\x00"])
def test_a_package_json_that_is_none_is_named_with_the_place(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        project(tmp_path, package__json=text)
    assert "package.json" in caught.value.message
    if "oops" in text:
        assert "package.json:2:3" in caught.value.message


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_bytes(b'\xef\xbb\xbf{"name": "a"}')
    assert read_json(Gate(tmp_path), tmp_path / "package.json") == {"name": "a"}


def test_no_section_no_folder_and_a_folder_elsewhere_are_errors(tmp_path: Path) -> None:
    (tmp_path / "dfdev.toml").write_text('[workspace]\nname = "w"\n')
    with pytest.raises(ConfigError, match="no front end"):
        project_of(load(tmp_path, {}))
    (tmp_path / "dfdev.toml").write_text('[frontend]\ndir = "none"\n')
    with pytest.raises(ConfigError, match="there is no folder"):
        project_of(load(tmp_path, {}))
    (tmp_path / "dfdev.toml").write_text('[frontend]\ndir = ".."\n')
    with pytest.raises(WorkspaceError) as outside:
        project_of(load(tmp_path, {}, files=False))
    assert str(outside.value.problems[0]).startswith("frontend.dir: expected a folder inside DFHOME")
