"""The words of the command line: those that every command has, on either side; those of other tools; typing errors."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from dfdev.cli.app import app, run
from dfdev.cli.foreign import options, words
from dfdev.cli.group import Command, Group
from dfdev.cli.quick import quick

ROOT: Any = typer.main.get_command(app)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "dfdev.toml").write_text(f'[workspace]\nname = "{name}"\n')
    return tmp_path


def walk(command: Any = ROOT, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    yield path, command
    for name in getattr(command, "list_commands", lambda _: ())(None):
        yield from walk(command.get_command(None, name), (*path, name))


EVERY = [pytest.param(path, command, id=" ".join(path)) for path, command in walk()]


@pytest.mark.parametrize(
    "before",
    [
        ["--home", "{}/one", "config", "show", "workspace.name"],
        ["--home={}/one", "config", "show", "workspace.name"],
        ["config", "--home", "{}/one", "show", "workspace.name"],
        ["config", "show", "--home", "{}/one", "workspace.name"],
    ],
)
def test_home_stands_anywhere(home: Path, before: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run([word.format(home) for word in before]) == 0
    assert capsys.readouterr().out == "one\n"


def test_of_two_the_later_wins(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, two = f"{home}/one", f"{home}/two"
    key = ["show", "workspace.name"]
    assert run(["--home", one, "config", *key, "--home", two]) == 0
    assert run(["--home", two, "config", "--home", one, *key]) == 0
    assert run(["--home", two, "--home", one, "config", *key]) == 0
    assert capsys.readouterr().out == "two\none\none\n"


@pytest.mark.parametrize("args", [["--json", "config", "check"], ["config", "--json", "check"]])
def test_json_stands_anywhere(home: Path, args: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--home", f"{home}/one", *args]) == 0
    assert json.loads(capsys.readouterr().out) == {"ok": True, "problems": []}


@pytest.mark.parametrize("command", ["up", "status"])
@pytest.mark.parametrize("before", [["--json", "--home", "{}"], ["-q", "--home={}", "--json"]])
def test_the_commands_of_every_morning_too(
    tmp_path: Path, command: str, before: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """The folder has no workspace: nothing is started."""
    given = [word.format(tmp_path) for word in before]
    assert quick([*given, command]) == quick([command, *given]) == quick([*given[:1], command, *given[1:]]) == 3
    assert capsys.readouterr().err.count(f"DFHOME has no dfdev.toml: {tmp_path} (--home)") == 3


def test_what_stands_between_is_not_quick(tmp_path: Path) -> None:
    assert quick(["--home", str(tmp_path), "up", "www"]) is None
    assert quick(["--dry-run", "up"]) is None
    assert quick(["--home"]) is None and quick(["--json"]) is None and quick([]) is None


def test_a_tool_s_words_are_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert quick(["--home", str(tmp_path), "npm", "--home", "/nowhere"]) == 3
    assert f"{tmp_path} (--home)" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("args", "moved"),
    [
        (["--dry-run", "up"], "dfdev up --dry-run"),
        (["--json", "--tail", "4", "logs"], "dfdev --json logs --tail 4"),
        (["--tail=4", "logs", "-f"], "dfdev logs -f --tail=4"),
        (["mysql", "--force", "build"], "dfdev mysql build --force"),
    ],
)
def test_an_option_of_one_command_stands_behind_it(
    args: list[str], moved: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(args) == 2
    err = capsys.readouterr().err
    assert "is not an option that every command has" in err and f"try: write it behind the command: `{moved}`\n" in err


@pytest.mark.parametrize(
    ("args", "tries"),
    [
        (["upp"], "did you mean `dfdev up`?"),
        (["mysql", "rest"], "did you mean `dfdev mysql reset`?"),
        (["machine", "stauts"], "did you mean `dfdev machine status`?"),
        (["help", "mysql", "rest"], "did you mean `dfdev mysql reset`?"),
        (["zzzzz"], "`dfdev help` lists those that there are"),
        (["up", "--dryrun"], "did you mean --dry-run?"),
        (["ps"], "`dfdev status` shows the services"),
        (["mysql", "dump", "x.sql"], "`dfdev mysql export dump.sql.gz`"),
        (["exec", "-it", "www", "sh"], "leave it out: the command has your terminal where you have one"),
        (["shell", "-it", "www"], "leave it out: the command has your terminal where you have one"),
        (["up", "--yes=1"], "`dfdev up --help` says more"),
        (["up", "-d"], "leave it out: `dfdev up` ends when everything serves, and the services go on"),
    ],
)
def test_what_was_meant(args: list[str], tries: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(args) == 2
    out, err = capsys.readouterr()
    assert (out, err.splitlines()[1:]) == ("", [f"try: {tries}"])
    assert err.startswith("error: ")


def test_with_json_it_is_a_document(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--json", "upp"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["hint"] == "did you mean `dfdev up`?"


@pytest.mark.parametrize(("path", "word"), words())
def test_a_word_of_another_tool_is_none_of_ours_and_leads_to_ours(path: str, word: str) -> None:
    found = {" ".join(("dfdev", *names)): command for names, command in walk()}
    assert word not in found[path].list_commands(None)


@pytest.mark.parametrize("word", ["ps", "ls", "start", "stop", "version", "build", "pull", "rm", "kill", "top", "ssh"])
def test_it_is_answered_in_one_line(word: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([word, "--all", "www"]) == 2
    said, tried = capsys.readouterr().err.splitlines()
    assert said == f"error: there is no command `dfdev {word}`" and "dfdev" in tried


def test_an_option_of_another_tool_is_none_of_ours() -> None:
    for path, option in options():
        (command,) = (c for names, c in walk() if " ".join(("dfdev", *names)) == path)
        assert not any(option in param.opts for param in command.params), (path, option)


def test_every_command_named_in_an_answer_is_there() -> None:
    from dfdev.cli.foreign import option_answer, word_answer

    known = {" ".join(("dfdev", *names)) for names, _ in walk()}
    answers = [word_answer(*pair) for pair in words()] + [option_answer(*pair) for pair in options()]
    for answer in answers:
        for quoted in answer.split("`")[1::2]:
            typed = [word for word in quoted.split() if not word.startswith("-")]
            if typed[0] == "dfdev" and len(typed) > 1:
                assert " ".join(typed[:2]) in known and (
                    not any(name.startswith(" ".join(typed[:2]) + " ") for name in known)
                    or len(typed) == 2
                    or " ".join(typed[:3]) in known
                ), quoted


@pytest.mark.parametrize(("path", "command"), EVERY)
def test_its_help_says_all(path: tuple[str, ...], command: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """`[mysql]` is no markup."""
    assert isinstance(command, (Command, Group))
    assert run(["help", *path]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    for text in (command.help, *(getattr(param, "help", None) for param in command.params)):
        assert text and " ".join(text.split()) in shown
    if path[-1:] != ("help",):
        assert "Options of every command: --home DIR DFHOME" in shown


def test_help_is_what_the_option_prints(capsys: pytest.CaptureFixture[str]) -> None:
    for args in (["mysql", "build", "--help"], ["help", "mysql", "build"], ["mysql", "help", "build"]):
        assert run(args) == 0
    out = capsys.readouterr().out
    first, *others = out.split("Usage: ")[1:]
    assert others == [first, first] and "the image that [mysql] names" in first
    assert run(["mysql", "-h"]) == run(["mysql", "help"]) == run(["help", "mysql"]) == 0
    first, *others = capsys.readouterr().out.split("Usage: ")[1:]
    assert others == [first, first]


def test_alone_it_prints_its_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([]) == 2
    out, err = capsys.readouterr()
    assert out.startswith("Usage: dfdev [OPTIONS] COMMAND") and err == ""


def test_what_is_missing_is_named_with_the_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["exec"]) == 2
    err = capsys.readouterr().err
    assert "missing argument" in err and "try: dfdev exec [OPTIONS] SVC CMD...; `dfdev exec --help` says more" in err
