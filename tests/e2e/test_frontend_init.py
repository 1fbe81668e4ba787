"""`dfdev frontend init` as it is typed: a new front end, a project that was there before, again later, bad input."""

from __future__ import annotations

import json
import subprocess
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pexpect
import pytest

from dfdev.resources import templates_dir
from tests.e2e.lab import DFDEV, Done, Lab
from tests.e2e.trouble import as_mortal, assert_fails

CURRENT = templates_dir() / "frontend" / "current"
MEMORY = ".dfdev-frontend.json"
WORKSPACE = '[workspace]\nname = "shop"'


@dataclass(frozen=True)
class Desk:
    lab: Lab

    @property
    def front(self) -> Path:
        return self.lab.home / "frontend"

    def init(self, *args: str, cwd: Path | None = None, prefix: tuple[str, ...] = ()) -> Done:
        command = [*prefix, str(DFDEV), "frontend", "init", *args]
        done = subprocess.run(
            command,
            cwd=cwd or self.lab.home,
            env=self.lab.environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    def project(self, files: Mapping[str, str]) -> None:
        for name, text in files.items():
            path = self.front / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    @property
    def files(self) -> dict[str, bytes]:
        """Of the front end's folder, but for what the scaffold keeps about itself."""
        paths = (path for path in self.front.rglob("*") if path.is_file() and path.name != MEMORY)
        return {path.relative_to(self.front).as_posix(): path.read_bytes() for path in paths}

    def section(self) -> Any:
        return tomllib.loads((self.lab.home / "dfdev.toml").read_text()).get("frontend")

    def changed(self, done: Done) -> dict[str, str]:
        """Path -> kind, of what is not as in the template."""
        return {change["path"]: change["kind"] for change in done.json()["changes"] if change["kind"] != "same"}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A workspace without an engine: none is asked."""
    home, user = tmp_path / "home", tmp_path / "user"
    home.mkdir()
    user.mkdir()
    (home / "dfdev.toml").write_text(WORKSPACE)
    return Desk(Lab(home, user, "unix:///nowhere/docker.sock"))


def test_a_new_front_end_and_then_nothing_to_do(desk: Desk) -> None:
    plan = desk.init("--dry-run").ok().out
    assert "frontend/Gruntfile.js: new" in plan and "dfdev.toml: gets a section [frontend]" in plan
    assert not desk.front.exists() and desk.section() is None
    desk.init().ok()
    template = {p.relative_to(CURRENT).as_posix(): p.read_bytes() for p in CURRENT.rglob("*") if p.is_file()}
    assert desk.files == template
    assert desk.section() == {"dir": "frontend", "node": "24"}
    assert (desk.lab.home / "dfdev.toml").read_text().startswith(WORKSPACE)
    before = (desk.lab.home / "dfdev.toml").read_bytes(), (desk.front / MEMORY).read_bytes()
    assert "nothing to do" in desk.init().ok().err
    assert ((desk.lab.home / "dfdev.toml").read_bytes(), (desk.front / MEMORY).read_bytes()) == before
    assert desk.files == template
    desk.lab.dfdev("config", "check").ok()


def test_the_tools_of_2014_in_a_folder_of_another_name(desk: Desk) -> None:
    desk.init("Schaufenster für Ägypten", "--preset", "legacy", "--bower", "1.3.12").ok()
    folder = desk.lab.home / "Schaufenster für Ägypten"
    assert "ARG BOWER=1.3.12\n" in (folder / "Dockerfile").read_text()
    assert desk.section() == {"dir": folder.name, "node": "10", "platform": "linux/amd64"}
    desk.lab.dfdev("config", "check").ok()
    assert "nothing to do (preset legacy, node 10)" in desk.init().ok().err


def test_a_project_is_adopted_and_nothing_of_it_is_changed(desk: Desk) -> None:
    mine = {
        ".nvmrc": "v20.11.1\n",
        "Gruntfile.coffee": "module.exports = (grunt) ->\n",
        "bower.json": '{"name": "shop", "dependencies": {"jquery": "~2"}}\n',
        "package.json": '{"name": "shop", "devDependencies": {"grunt": "~1.5", "coffee-script": "1"}}\n',
        ".gitignore": "node_modules\n",
    }
    desk.project(mine)
    done = desk.init("--json").ok()
    assert desk.changed(done) == {
        ".dockerignore": "new",
        ".gitignore": "yours",
        "Dockerfile": "new",
        "package.json": "yours",
    }
    assert done.json()["adopted"] is True and done.json()["node"] == "20.11.1"
    assert {name: text.decode() for name, text in desk.files.items() if name in mine} == mine
    assert desk.files.keys() == mine.keys() | {"Dockerfile", ".dockerignore"}
    assert "ARG BASE=node:20.11.1-bookworm-slim\n" in (desk.front / "Dockerfile").read_text()
    assert desk.section() == {"dir": "frontend"}
    assert "nothing to do" in desk.init().ok().err


def test_what_a_project_lacks_is_shown_first_and_written_with_consent(desk: Desk) -> None:
    package = '{\n    "name": "shop",\n    "engines": {"node": ">=22 <23"},\n    "dependencies": {"react": "^19"}\n}\n'
    desk.project({"package.json": package, "package-lock.json": "{}\n", "Gruntfile.js": "// mine\n"})
    refused = desk.init()
    assert_fails(refused, 1, "nobody could be asked", "package.json", "--yes")
    assert '+        "grunt": "^1.6.3"' in refused.err and "package.json (yours)" in refused.err
    assert (desk.front / "package.json").read_text() == package
    assert (desk.front / "Gruntfile.js").read_text() == "// mine\n"
    agreed = desk.init("--yes").ok()
    assert "package-lock.json is older than package.json now" in agreed.err
    written = json.loads((desk.front / "package.json").read_text())
    assert written["dependencies"] == {"react": "^19"} and written["devDependencies"] == {"grunt": "^1.6.3"}
    assert (desk.front / "package-lock.json").read_text() == "{}\n"
    assert desk.init("--json").ok().json()["node"] == "22"
    assert "nothing to do" in desk.init().ok().err


def test_a_project_of_another_tool_is_given_no_grunt(desk: Desk) -> None:
    mine = {
        "package.json": '{"name": "shop", "scripts": {"build": "vite build"}, "devDependencies": {"vite": "^7"}}\n',
        "package-lock.json": "{}\n",
        "vite.config.js": "export default {}\n",
        ".nvmrc": "lts/jod\r\n",
    }
    desk.project(mine)
    done = desk.init().ok()
    assert "(preset current, node 22); `dfdev npm run build` is next" in done.err
    assert desk.files.keys() == mine.keys() | {"Dockerfile", ".dockerignore", ".gitignore"}
    assert {name: text.decode() for name, text in desk.files.items() if name in mine} == mine
    assert desk.section() == {"dir": "frontend", "build": ["npm", "run", "build"]}
    dockerfile = (desk.front / "Dockerfile").read_text()
    assert "npm run build\n" in dockerfile and "grunt build" not in dockerfile
    assert "nothing to do" in desk.init().ok().err
    desk.lab.dfdev("config", "check").ok()
    assert_fails(desk.init("--grunt", "1.6.1"), 2, "a project without a Gruntfile", "add a Gruntfile.js first")


def test_a_newer_template_updates_what_was_never_touched_and_shows_the_rest(desk: Desk) -> None:
    desk.init().ok()
    memory = json.loads((desk.front / MEMORY).read_text())
    # A scaffold of last year: other texts, with their hashes as they were kept.
    from dfdev.frontend.scaffold import digest

    for name in (".jshintrc", "Gruntfile.js"):
        (desk.front / name).write_text("of last year\n")
        memory["files"][name] = digest(b"of last year\n")
    (desk.front / MEMORY).write_text(json.dumps(memory))
    (desk.front / "Gruntfile.js").write_text("of last year, and mine\n")
    (desk.front / "src/js/main.js").write_text("mine\n")
    (desk.front / "test/greeting.js").unlink()

    kinds = {".jshintrc": "outdated", "Gruntfile.js": "differs", "src/js/main.js": "yours", "test/greeting.js": "gone"}
    assert desk.changed(desk.init("--dry-run", "--json").ok()) == kinds
    assert_fails(desk.init(), 1, "-of last year, and mine", ".jshintrc, Gruntfile.js")
    assert (desk.front / ".jshintrc").read_text() == "of last year\n"
    agreed = desk.init("--yes").ok()
    assert "-of last year, and mine" in agreed.err and ".jshintrc (yours)" not in agreed.err
    assert (desk.front / "Gruntfile.js").read_bytes() == (CURRENT / "Gruntfile.js").read_bytes()
    assert (desk.front / "src/js/main.js").read_text() == "mine\n" and not (desk.front / "test/greeting.js").exists()
    assert "nothing to do" in desk.init().ok().err


def test_in_a_terminal_each_difference_is_asked_about_once(desk: Desk) -> None:
    desk.project({".gitignore": "mine\n", ".jshintrc": "{}\n"})
    environ = {**desk.lab.environ, "TERM": "xterm"}
    child = pexpect.spawn(
        str(DFDEV), ["frontend", "init"], env=environ, cwd=str(desk.lab.home), encoding="utf-8", timeout=20
    )
    child.expect(r"\+/node_modules/")
    child.expect(r"Write frontend/\.gitignore as in the template\?")
    child.send("n")
    child.expect(r"Write frontend/\.jshintrc as in the template\?")
    child.send("y")
    child.expect("written")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    assert (desk.front / ".gitignore").read_text() == "mine\n"
    assert (desk.front / ".jshintrc").read_bytes() == (CURRENT / ".jshintrc").read_bytes()
    assert "nothing to do" in desk.init().ok().err


def test_an_own_dockerfile_without_the_stage_is_kept_and_said(desk: Desk) -> None:
    desk.project({"package.json": "{}", "Gruntfile.js": "", "Dockerfile": "FROM nginx\n"})
    assert "has no stage tools" in desk.init("--yes").ok().err
    assert (desk.front / "Dockerfile").read_text() == "FROM nginx\n"


def test_another_node_later_names_the_line_in_dfdev_toml(desk: Desk) -> None:
    desk.init().ok()
    done = desk.init("--node", "22", "--yes").ok()
    assert 'dfdev.toml says node = "24" under [frontend]: write "22" there' in done.err
    assert "ARG BASE=node:22-bookworm-slim\n" in (desk.front / "Dockerfile").read_text()


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"package.json": '{\n  "name": "shop",\n  "scripts": {,}\n}\n'}, ("package.json:3:15", "mend package.json")),
        ({"package.json": '["grunt"]'}, ("package.json", "not a JSON object")),
        ({"package.json": '{"devDependencies": []}'}, ("devDependencies", "not an object")),
        ({MEMORY: '{"preset": '}, (f"{MEMORY}:1:12",)),
        ({MEMORY: '{"preset": "of my own", "node": "24"}'}, (MEMORY, "rm ")),
    ],
    ids=["broken", "list", "list of modules", "broken memory", "foreign memory"],
)
def test_json_that_is_none_is_named_with_its_place(desk: Desk, files: dict[str, str], said: tuple[str, ...]) -> None:
    desk.project(files)
    assert_fails(desk.init("--yes"), 3, *said)
    assert {path.name for path in desk.front.iterdir()} == files.keys()
    assert desk.section() is None


def test_outside_dfhome(desk: Desk, tmp_path: Path) -> None:
    for place in (tmp_path / "elsewhere", Path("..") / "elsewhere"):
        assert_fails(desk.init(str(place)), 2, "outside DFHOME", str(desk.lab.home))
    (desk.lab.home / "link").symlink_to(tmp_path / "elsewhere")
    assert_fails(desk.init("link"), 2, "outside DFHOME")
    assert not (tmp_path / "elsewhere").exists() and desk.section() is None


def test_a_name_is_relative_to_where_one_is(desk: Desk) -> None:
    below = desk.lab.home / "web"
    below.mkdir()
    desk.init("site", cwd=below).ok()
    assert desk.section() == {"dir": "web/site", "node": "24"}
    assert_fails(desk.init("other"), 3, "[frontend] names the folder 'web/site', not 'other'")


def test_where_nobody_may_write(desk: Desk) -> None:
    desk.front.mkdir()
    desk.front.chmod(0o555)
    done = desk.init(prefix=tuple(as_mortal()))
    assert_fails(done, 1, "cannot write", "ermission denied")
    assert desk.files == {} and desk.section() is None


def test_where_a_file_is_in_the_way(desk: Desk) -> None:
    desk.front.write_text("")
    assert_fails(desk.init(), 2, f"{desk.front} is a file")
    desk.front.unlink()
    desk.project({"src": "a file"})
    assert_fails(desk.init(), 1, "cannot write", "src")
    (desk.front / "src").unlink()
    desk.init().ok()
    assert (desk.front / "src/js/main.js").exists()


def test_without_a_workspace(desk: Desk) -> None:
    (desk.lab.home / "dfdev.toml").unlink()
    assert_fails(desk.init(), 3, "has no dfdev.toml")
    (desk.lab.home / "dfdev.toml").write_text("[workspace\n")
    assert_fails(desk.init(), 3, "dfdev.toml, line 1")
    assert not desk.front.exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--preset", "new"), "no preset 'new'"),
        (("--node", "lts"), "is no version"),
        (("--node", "12"), "node 12 does not run"),
        (("--preset", "legacy", "--node", "24"), "node 24 does not run grunt 0.4"),
    ],
)
def test_what_does_not_go_together(desk: Desk, options: tuple[str, ...], said: str) -> None:
    assert_fails(desk.init(*options), 2, said)
    assert not desk.front.exists() and desk.section() is None
