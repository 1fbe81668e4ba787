"""What init would do to each file, from values alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

import pytest

from dfdev.errors import ConfigError
from dfdev.frontend.scaffold import Change, Folder, Memory, digest, is_project, plan, remembered, uses_grunt
from dfdev.frontend.scaffold_package import modules_of

PACKAGE = json.dumps({"scripts": {"build": "grunt build"}, "devDependencies": {"grunt": "^1", "less": "^2"}}).encode()
TEMPLATE = {
    ".bowerrc": b"{}\n",
    ".gitignore": b"/dist/\n",
    "Dockerfile": b"FROM node AS tools\n",
    "Gruntfile.js": b"// theirs\n",
    "bower.json": b'{"name": "frontend"}\n',
    "package-lock.json": b'{"lockfileVersion": 3}\n',
    "package.json": PACKAGE,
    "src/js/main.js": b"show();\n",
}
NEWER = TEMPLATE | {"Dockerfile": b"FROM node AS tools\nRUN newer\n", "package-lock.json": b'{"lockfileVersion": 4}\n'}


def folder(files: Mapping[str, bytes]) -> Folder:
    return Folder(
        frozenset(path.partition("/")[0] for path in files), {k: v for k, v in files.items() if k in TEMPLATE}
    )


def memory(template: Mapping[str, bytes] = TEMPLATE, *, adopted: bool = False) -> Memory:
    files = {path: digest(content) for path, content in template.items()}
    modules = modules_of(template["package.json"])
    return Memory("current", "24", adopted=adopted, files=files, modules=modules)


def kinds(changes: tuple[Change, ...]) -> dict[str, str]:
    return {change.path: change.kind for change in changes if change.kind != "same"}


def test_an_empty_folder_gets_everything_and_then_there_is_nothing_to_do() -> None:
    first = plan(TEMPLATE, Folder(), None)
    assert kinds(first) == dict.fromkeys(TEMPLATE, "new")
    assert kinds(plan(TEMPLATE, folder(TEMPLATE), None)) == {}
    assert kinds(plan(TEMPLATE, folder(TEMPLATE), memory())) == {}
    assert remembered(TEMPLATE, first, None, ()) == memory().files


def test_a_scaffold_that_was_cut_short_is_no_project_of_somebody() -> None:
    half = folder({path: TEMPLATE[path] for path in ("package.json", "Gruntfile.js")})
    assert not is_project(TEMPLATE, half)
    assert kinds(plan(TEMPLATE, half, None)) == dict.fromkeys(TEMPLATE.keys() - {"package.json", "Gruntfile.js"}, "new")


def test_a_newer_template_changes_what_was_never_touched_and_asks_about_the_rest() -> None:
    changes = plan(NEWER, folder(TEMPLATE), memory())
    assert kinds(changes) == {"Dockerfile": "outdated", "package-lock.json": "outdated"}
    mine = folder(TEMPLATE | {"Dockerfile": b"FROM mine AS tools\n", "src/js/main.js": b"mine();\n"})
    changes = plan(NEWER, mine, memory())
    assert kinds(changes) == {"Dockerfile": "differs", "package-lock.json": "outdated", "src/js/main.js": "yours"}
    (docker,) = (change for change in changes if change.path == "Dockerfile")
    assert "-FROM mine AS tools\n+FROM node AS tools\n+RUN newer\n" in docker.diff


def test_what_was_declined_is_not_asked_about_again() -> None:
    mine = folder(TEMPLATE | {"Dockerfile": b"FROM mine AS tools\n"})
    changes = plan(NEWER, mine, memory())
    unasked = remembered(NEWER, changes, memory(), ())
    assert plan(NEWER, mine, replace(memory(), files=unasked)) == changes
    declined = remembered(NEWER, changes, memory(), ["Dockerfile", "package-lock.json"])
    assert kinds(plan(NEWER, mine, replace(memory(), files=declined)))["Dockerfile"] == "yours"


def test_what_was_removed_stays_away() -> None:
    rest = folder({path: content for path, content in TEMPLATE.items() if not path.startswith("src/")})
    assert kinds(plan(TEMPLATE, rest, memory())) == {"src/js/main.js": "gone"}


def test_a_file_that_was_there_before_the_first_scaffold_is_asked_about() -> None:
    assert kinds(plan(TEMPLATE, folder({".gitignore": b"*.log\n"}), None))[".gitignore"] == "differs"


@pytest.mark.parametrize("gruntfile", ["Gruntfile.coffee", "gruntfile.js", "Gruntfile.js", "Gruntfile.ts"])
def test_a_project_with_a_gruntfile_gets_what_its_container_needs(gruntfile: str) -> None:
    package = b'{"devDependencies": {"grunt": "0.4.5"}}'
    there = folder({gruntfile: b"mine", "package.json": package, ".gitignore": b"*.log\n", "package-lock.json": b"{}"})
    assert is_project(TEMPLATE, there)
    assert kinds(plan(TEMPLATE, there, None)) == {"Dockerfile": "new", ".gitignore": "yours", "package.json": "yours"}
    later = Memory("current", "24", adopted=True, files={"Dockerfile": digest(TEMPLATE["Dockerfile"])})
    added = folder({gruntfile: b"mine", "package.json": package, "Dockerfile": TEMPLATE["Dockerfile"]})
    assert kinds(plan(NEWER, added, later)) == {"Dockerfile": "outdated", ".gitignore": "new", "package.json": "yours"}


@pytest.mark.parametrize("name", ["package.json", "bower.json"])
def test_a_project_without_a_gruntfile_gets_a_container_and_no_grunt(name: str) -> None:
    there = folder({name: b'{"dependencies": {"less": "^1"}}\n', "webpack.config.js": b""})
    assert not uses_grunt(TEMPLATE, there, None)
    mine = {"package.json": "yours"} if name == "package.json" else {}
    assert kinds(plan(TEMPLATE, there, None)) == {".gitignore": "new", "Dockerfile": "new", **mine}
    later = Folder({*there.names, "Gruntfile.js"}, {**there.files, "Gruntfile.js": b"// mine\n"})
    kept = replace(memory(adopted=True), files={"Dockerfile": digest(TEMPLATE["Dockerfile"])}, modules={})
    assert uses_grunt(TEMPLATE, later, kept)
    (package,) = (change for change in plan(TEMPLATE, later, kept) if change.path == "package.json")
    assert json.loads(package.after)["devDependencies"]["grunt"] == "^1"


def test_a_gruntfile_that_an_earlier_scaffold_gave_stays_with_its_project() -> None:
    mine = folder(TEMPLATE | {"package.json": b'{"name": "mine"}'})
    assert uses_grunt(TEMPLATE, mine, memory(adopted=True))
    assert kinds(plan(NEWER, mine, memory(adopted=True)))["Dockerfile"] == "outdated"
    without = Folder(set(mine.names) - {"Gruntfile.js"}, {k: v for k, v in mine.files.items() if k != "Gruntfile.js"})
    assert kinds(plan(TEMPLATE, without, memory(adopted=True)))["Gruntfile.js"] == "gone"


def test_own_dependencies_are_no_difference_and_keep_the_lockfile() -> None:
    package = PACKAGE.replace(b'"grunt"', b'"react": "^19", "grunt"')
    mine = folder(TEMPLATE | {"package.json": package, "package-lock.json": b"mine"})
    assert kinds(plan(NEWER, mine, memory())) == {"Dockerfile": "outdated", "package.json": "yours"}


@pytest.mark.parametrize("more", [{}, {"Gruntfile.js": b"// mine"}])
def test_a_package_of_lists_is_an_error_and_not_a_traceback(more: dict[str, bytes]) -> None:
    with pytest.raises(ConfigError, match="devDependencies: not an object"):
        plan(TEMPLATE, folder({"package.json": b'{"devDependencies": ["grunt"]}', **more}), None)
