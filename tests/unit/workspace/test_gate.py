"""The one gate: every key that names something on this host's disk, found in the schema itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, Union, get_args, get_origin

import msgspec
import pytest
from msgspec import Meta, Struct

from dfdev.errors import ConfigError
from dfdev.workspace.gate import Gate
from dfdev.workspace.load import load
from dfdev.workspace.problem import Parts, WorkspaceError, key_path
from dfdev.workspace.schema import Config, UserConfig, UserMounts
from tests.unit.workspace.support import write

BESIDE: Mapping[str, Mapping[str, Any]] = {
    "services": {"image": "i:1"},
    "mysql": {"image": "i:1"},
    "frontend": {"dir": "fe"},
}
"""What a section needs besides the key that is tried."""
OF_A_CONTAINER = {"working_dir"}
"""Keys that name a folder, but one in a container."""
UNUSED = {"profiles.x.logs_root"}
"""Keys that no command reads yet."""


class Key(NamedTuple):
    """`at`: its place, with x for every name that the file chooses. `kind`: its type."""

    at: Parts
    kind: Any
    description: str
    marked: bool

    def value(self, path: str) -> Any:
        text = f"{path}:/inside" if self.at[-1] == "mounts" else path
        return [text] if get_origin(self.kind) is tuple else text

    def file(self, path: str) -> str:
        """A dfdev.toml that says this path here, and nothing else that is wrong."""
        section = dict(BESIDE.get(str(self.at[0]), {})) | {str(self.at[-1]): self.value(path)}
        lines = [f"{name} = {value!r}".replace("'", '"') for name, value in section.items()]
        return f"[{key_path(self.at[:-1])}]\n" + "\n".join(lines) + "\n"


def keys(model: type[Struct], at: Parts = ()) -> Iterator[Key]:
    for field in msgspec.structs.fields(model):
        metas = [m for m in getattr(field.type, "__metadata__", ()) if isinstance(m, Meta)]
        kind = get_args(field.type)[0] if metas else field.type
        inner = next((a for a in (kind, *get_args(kind)) if isinstance(a, type) and issubclass(a, Struct)), None)
        if inner is not None:
            yield from keys(inner, (*at, field.name, "x") if get_origin(kind) is Mapping else (*at, field.name))
        else:
            marked = any((m.extra or {}).get("path") for m in metas)
            described = " ".join(m.description or "" for m in metas)
            yield Key((*at, field.name), _arm(kind), described, marked)


def _arm(kind: Any) -> Any:
    """A list where both a text and a list will do."""
    arms = get_args(kind) if get_origin(kind) is Union or "|" in str(kind) else (kind,)
    return next((arm for arm in arms if get_origin(arm) is tuple), kind)


KEYS = list(keys(Config))
PATHS = [key for key in KEYS if key.marked and key_path(key.at) not in UNUSED]


def outside(tmp_path: Path, way: str) -> str:
    """A path that leads to a folder, which is also a file's parent, beside DFHOME."""
    home = tmp_path / "home"
    (home / "fe").mkdir(parents=True)
    (tmp_path / "outside").mkdir()
    (home / "link").symlink_to("../outside")
    (home / "fe" / "link").symlink_to("../../outside")
    return {"dots": "../../outside", "absolute": str(tmp_path / "outside"), "link": "link", "under": "link/x"}[way]


def test_the_walk_finds_the_keys() -> None:
    found = {key_path(key.at) for key in PATHS}
    assert {"services.x.mounts", "registry.config", "mysql.fixtures", "frontend.dir", "images.x.dockerfile"} <= found


def test_whatever_speaks_of_a_file_or_a_folder_is_marked() -> None:
    """A new key is noticed by its description."""
    speaks = re.compile(r"\b(folder|file|dockerfile|config\.yml|DIR)s?\b", re.IGNORECASE)
    unmarked = {k.at[-1] for k in KEYS if speaks.search(k.description) and not k.marked} - OF_A_CONTAINER
    harmless = {"base", "name", "migrations", "prefix", "image", "events", "modules", "extra_hosts"}
    assert unmarked <= harmless, "mark the key with PATH in schema.py, and check it in paths.py"


@pytest.mark.parametrize("way", ["dots", "absolute", "link", "under"])
@pytest.mark.parametrize("key", PATHS, ids=lambda key: key_path(key.at))
def test_every_path_that_leads_outside_is_refused(tmp_path: Path, key: Key, way: str) -> None:
    home = write(tmp_path / "home", key.file(outside(tmp_path, way)))
    with pytest.raises(WorkspaceError) as caught:
        load(home, {})
    (problem,) = [p for p in caught.value.problems if p.key.startswith(key_path(key.at))]
    if "inside DFHOME" not in problem.expected:
        assert problem.expected == "a folder in the front end's: dist", "which says the same, and more"
    else:
        assert (
            "to allow it: `dfdev allow`, or allow = [" in problem.hint
            and f'/outside{"/x" if way == "under" else ""}"]' in problem.hint
        )


@pytest.mark.parametrize("key", PATHS, ids=lambda key: key_path(key.at))
def test_every_path_is_allowed_where_the_user_says_so(tmp_path: Path, key: Key) -> None:
    home = write(tmp_path / "home", key.file(outside(tmp_path, "absolute")))
    user = UserConfig(mounts=UserMounts(allow=(str(tmp_path / "outside"),)))
    try:
        load(home, {}, user=user)
    except WorkspaceError as error:
        assert not [p for p in error.problems if "inside DFHOME" in p.expected]


def test_no_command_reads_the_keys_that_are_passed_over() -> None:
    package = Path(__file__).resolve().parents[3] / "dfdev"
    names = {key.rpartition(".")[2] for key in UNUSED}
    readers = {p.name for p in package.rglob("*.py") for n in names if f".{n}" in p.read_text()}
    assert readers == {"check.py"}, "its path goes through the gate now: take it out of UNUSED"


@pytest.mark.parametrize("name", ["dfdev.toml", "dfdev.local.toml", ".env"])
def test_the_workspaces_own_files_are_no_links_to_elsewhere(tmp_path: Path, name: str) -> None:
    home = write(tmp_path / "home", "")
    (tmp_path / "secret").write_text("[machine]\n" if name.endswith("toml") else "A=1\n")
    (home / name).unlink(missing_ok=True)
    (home / name).symlink_to("../secret")
    with pytest.raises(ConfigError) as caught:
        load(home, {})
    assert f'found "{home / name}", which is {tmp_path / "secret"}; to allow it:' in caught.value.details[0]


def test_one_own_file_may_be_a_link_to_elsewhere(tmp_path: Path) -> None:
    """A password manager's way."""
    home = write(tmp_path / "home", "")
    (tmp_path / "secret").write_text("A=1\n")
    (home / ".env.local").symlink_to(tmp_path / "secret")
    assert load(home, {}, committed=lambda path: False).env["A"] == "1"


def test_but_not_where_the_repository_brought_it(tmp_path: Path) -> None:
    home = write(tmp_path / "home", "")
    (tmp_path / "secret").write_text("A=hunter2\n")
    (home / ".env.local").symlink_to(tmp_path / "secret")
    with pytest.raises(WorkspaceError) as caught:
        load(home, {}, committed=lambda path: path == home / ".env.local")
    said = "\n".join(caught.value.details)
    assert ".env.local" in said and "git rm --cached" in said and "hunter2" not in said


def test_git_is_asked_about_nothing_else(tmp_path: Path) -> None:
    """It costs some milliseconds: most workspaces have no such link."""
    home = write(tmp_path / "home", "", env="A=1\n", env_local="B=1\n")

    def committed(path: Path) -> bool:
        raise AssertionError(f"git was asked about {path}")

    assert load(home, {}, committed=committed).env["B"] == "1"


def test_a_link_within_dfhome_is_as_good_as_what_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "file").write_text("x")
    (tmp_path / "b").symlink_to("a")
    gate = Gate(tmp_path)
    assert gate.inside("key", "b") == tmp_path / "a"
    assert gate.read("key", "b/file") == b"x"


def test_a_link_that_is_put_there_after_the_question_is_not_followed(tmp_path: Path) -> None:
    """Between the question and the answer: the folder on the way, or the file itself."""
    from dfdev.workspace.regular import read_below

    home = tmp_path / "home"
    (home / "a").mkdir(parents=True)
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "file").write_text("secret")
    (home / "a" / "file").symlink_to(tmp_path / "outside" / "file")
    with pytest.raises(OSError, match="not a regular file"):
        read_below(home, home / "a" / "file")
    (home / "b").symlink_to(tmp_path / "outside")
    with pytest.raises(OSError):
        read_below(home, home / "b" / "file")


def test_a_single_file_may_be_allowed(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "own.env").write_text("A=1")
    gate = Gate(tmp_path / "home", (tmp_path / "own.env",))
    assert gate.read("key", "../own.env") == b"A=1"
    assert not gate.permits("../own.envy")
