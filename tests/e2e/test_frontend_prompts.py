"""What real bower, npm and node ask where nobody is there: answered, told, or ended with the line to type."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pexpect
import pytest

from tests import machine
from tests.e2e.frontend_lab import FrontendLab, front_of_a_module
from tests.e2e.lab import Done
from tests.e2e.trouble import assert_fails

pytestmark = [pytest.mark.engine, pytest.mark.timeout(180)]

REPOSITORIES = """
set -e
mkdir -p /tmp/asked && cd /tmp/asked
released() {
    mkdir -p $1 && cd $1 && git init -q 2>/dev/null && printf '%s' "$3" >bower.json && git add . &&
        git -c user.name=a -c user.email=a@b.example commit -qm $2 && git tag $2 && cd ..
}
released jquery 1.11.3 '{"name": "jquery", "main": "1.js"}'
released jquery 2.1.4 '{"name": "jquery", "main": "2.js"}'
released old 1.0.0 '{"name": "old", "dependencies": {"jquery": "/tmp/asked/jquery#~1.11"}}'
released new 1.0.0 '{"name": "new", "dependencies": {"jquery": "/tmp/asked/jquery#~2.1"}}'
"""
NEEDED = json.dumps({"name": "app", "dependencies": {"old": "/tmp/asked/old#1.0.0", "new": "/tmp/asked/new#1.0.0"}})
QUESTION = "Unable to find a suitable version for jquery, please choose one by typing one of the numbers below"
LAUNCH = """
const asks = require('readline').createInterface(process.stdin, process.stdout);
asks.question('Launch? ', said => { console.log('then', said); asks.close(); });
"""


@dataclass(frozen=True)
class Asked:
    front: FrontendLab
    folder: Path

    def run(self, *argv: str, answers: Mapping[str, str] | None = None) -> Done:
        """In the project, without a terminal here."""
        lines = [f"{json.dumps(part)} = {json.dumps(answer)}\n" for part, answer in (answers or {}).items()]
        self.front.workspace("[frontend.answers]\n" + "".join(lines) if lines else "")
        return self.front.run(*argv, cwd=self.folder)

    def read(self, name: str) -> dict[str, object]:
        found: dict[str, object] = json.loads((self.folder / name).read_text())
        return found

    def chosen(self) -> object:
        return self.read("bower_components/jquery/.bower.json")["version"]


@pytest.fixture(scope="module")
def front(node_engine: machine.Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FrontendLab]:
    with front_of_a_module(node_engine, tmp_path_factory.mktemp("prompts"), "prompts") as made:
        made.small()
        made.sh(REPOSITORIES)
        yield made


@pytest.fixture
def asked(front: FrontendLab) -> Iterator[Asked]:
    """A project whose two modules want different versions of a third."""
    folder = front.save("asked/bower.json", NEEDED).parent
    yield Asked(front, folder)
    shutil.rmtree(folder)


def test_bower_gets_the_newest_version(asked: Asked) -> None:
    done = asked.run("bower", "install").ok()
    assert asked.chosen() == "2.1.4"
    assert f"dfdev answered “{QUESTION}” with 2 (the default)" in done.err
    assert "which resolved to 2.1.4" in done.out
    assert "\x1b" not in done.out
    assert asked.read("bower.json") == json.loads(NEEDED), "nothing is written back"


def test_bower_gets_the_version_of_the_file(asked: Asked) -> None:
    done = asked.run("bower", "install", answers={"suitable version for jquery": "1.11.3"}).ok()
    assert asked.chosen() == "1.11.3"
    assert f"dfdev answered “{QUESTION}” with 1 ([frontend.answers])" in done.err


def test_bower_writes_its_choice_when_that_is_wanted(asked: Asked) -> None:
    asked.run("bower", "install", "--save-resolutions").ok()
    assert "resolutions" in asked.read("bower.json")
    shutil.rmtree(asked.folder / "bower_components")
    assert "answered" not in asked.run("bower", "install").ok().err, "and does not ask again"


def test_a_version_that_bower_does_not_have(asked: Asked) -> None:
    assert_fails(asked.run("bower", "install", answers={"jquery": "9.9.9"}), 1, "Invalid choice")
    assert not asked.front.processes("bower install"), "it was ended"


def test_bower_in_a_terminal_asks_who_is_there(asked: Asked) -> None:
    child = asked.front.terminal("bower", "install", cwd=asked.folder)
    child.expect_exact("please choose one")
    child.expect_exact("Answer")
    child.send("1\r")
    child.expect(pexpect.EOF)
    assert asked.chosen() == "1.11.3"


def test_bower_with_data_at_its_input_is_not_talked_with(asked: Asked) -> None:
    """As in any pipe: bower itself sees that nobody is there, and says so."""
    done = asked.front.run("bower", "install", cwd=asked.folder, stdin="1\n")
    assert done.code == 1
    assert "ECONFLICT" in done.err


def test_npm_init_and_bower_init_take_their_defaults(asked: Asked) -> None:
    asked.run("npm", "init", answers={"license": "MIT"}).ok()
    made = asked.read("package.json")
    assert (made["name"], made["license"]) == ("asked", "MIT")
    (asked.folder / "bower.json").unlink()
    asked.run("bower", "init").ok()
    assert asked.read("bower.json")["name"] == "asked"


def test_a_question_that_nobody_knows(asked: Asked) -> None:
    """Of a generator that npm has at hand."""
    tool = asked.folder / "node_modules" / ".bin" / "create-rocket"
    tool.parent.mkdir(parents=True)
    tool.write_text(f"#!/usr/bin/env node\n{LAUNCH}")
    tool.chmod(0o755)
    done = asked.run("npx", "create-rocket")
    assert_fails(done, 1, "it asks “Launch?”, and nobody is there to answer")
    assert '[frontend.answers] "Launch" = "…"' in done.err
    assert not asked.front.processes("create-rocket")
    assert asked.run("npx", "create-rocket", answers={"Launch": "not now"}).ok().out.endswith("then not now\n")
