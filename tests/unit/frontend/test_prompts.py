"""Questions of real tools, recorded: `bower` 1.8.14, 1.7.10 and 1.3.8, `npm` 11, `yo` 5, `git` 2.39."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from dfdev.frontend import prompts
from dfdev.frontend.prompts import Answer, answer_for, is_known, looks_like_a_prompt, may_wait, question_of
from dfdev.frontend.screen import Cleaned, plain

RECORDED = Path(__file__).resolve().parents[2] / "data" / "frontend" / "prompts"
CONFLICT = "Unable to find a suitable version for jquery, please choose one by typing one of the numbers below"


def tails(name: str) -> list[str]:
    """What had been said at each time that something was typed (noted as NUL < > NUL), and at the end."""
    pieces = re.split("\x00<.*?>\x00", (RECORDED / f"{name}.txt").read_bytes().decode(), flags=re.DOTALL)
    return ["".join(pieces[: number + 1]) for number in range(len(pieces))]


def given(name: str, answers: Mapping[str, str] | None = None) -> list[tuple[str, str | None]]:
    """Question and answer, at each time that an answer was waited for."""
    found = [(question_of(tail), answer_for(tail, answers or {})) for tail in tails(name) if looks_like_a_prompt(tail)]
    return [(question, answer.text if answer else None) for question, answer in found]


def test_bower_asks_for_a_version() -> None:
    assert given("bower-conflict-answered") == [(CONFLICT, "3")], "the newest, as --force-latest"
    assert given("bower-conflict-answered", {"suitable version for jquery": "1"}) == [(CONFLICT, "1")]
    assert given("bower-conflict-answered", {"for jquery": "2.1.4"}) == [(CONFLICT, "2")]
    assert given("bower-conflict-answered", {"for angular": "1"}) == [(CONFLICT, "3")]


def test_bower_writes_its_choice_only_when_that_is_wanted() -> None:
    tail = tails("bower-conflict-answered")[0]
    assert answer_for(tail, {}, save_resolutions=True) == Answer(CONFLICT, "!3")
    assert answer_for(tail, {"jquery": "2.1.4"}, save_resolutions=True) == Answer(CONFLICT, "!2", configured=True)


def test_a_choice_that_bower_does_not_take_is_not_made_again() -> None:
    first, second, _ = tails("bower-1.7-install")
    assert answer_for(first, {}) == Answer(CONFLICT, "3")
    assert (answer_for(second, {}), is_known(second), question_of(second)) == (None, True, "? Answer >> Invalid choice")


def test_anonymous_statistics_are_not_sent() -> None:
    question = "[?] May bower anonymously report usage statistics to improve the tool over time? (Y/n)"
    assert given("bower-1.3-statistics") == [(question, "n")]
    assert given("bower-1.3-statistics", {"usage statistics": "y"}) == [(question, "y")]


def test_npx_may_install() -> None:
    assert given("npx-proceed-answered") == [("Ok to proceed? (y)", "y")]
    assert given("npx-proceed-answered", {"ok to proceed": "n"}) == [("Ok to proceed? (y)", "n")]


def test_npm_init_takes_its_defaults() -> None:
    found = given("npm-init")
    assert [answer for _, answer in found] == [""] * 11
    assert [found[0][0], found[2][0], found[-1][0]] == ["package name: (yoapp2)", "description:", "Is this OK? (yes)"]
    assert given("npm-init", {"license": "MIT"})[8] == ("license: (ISC)", "MIT")


def test_bower_init_takes_its_defaults() -> None:
    found = given("bower-init")
    assert [answer for _, answer in found] == [""] * 11
    assert (found[1][0], found[-1][0]) == ("? description", "? Looks good? (Y/n)")


def test_yeoman_keeps_what_is_there() -> None:
    assert given("yo-conflict-answered") == [("? Overwrite hello.txt? (ynadxreiH)", "n")]
    assert given("yo-conflict-answered", {"Overwrite hello": "y"}) == [("? Overwrite hello.txt? (ynadxreiH)", "y")]


def test_a_generators_own_questions() -> None:
    """Those with a default take it. A list has none but its first line, which nobody has chosen."""
    extras = (
        "? Which extras? (Press <space> to select, <a> to toggle all, <i> to invert selection, and <enter> to proceed)"
    )
    assert given("yo-questions") == [
        ("? Would you like to enable the Cool feature? (Y/n)", ""),
        ("? Your project name (app)", ""),
        ("? Which licence? (Use arrow keys)", None),
        (extras, None),
        ("? Overwrite hello.txt? (ynadxreiH)", "n"),
    ]
    assert given("yo-questions", {"licence": ""})[2] == ("? Which licence? (Use arrow keys)", "")


@pytest.mark.parametrize(
    ("name", "question", "secret"),
    [
        ("git-username", "Username for 'http://127.0.0.1:8471':", False),
        ("git-password", "Password for 'http://me@127.0.0.1:8471':", True),
        ("npm-login", "Username:", False),
    ],
)
def test_what_only_a_person_knows(name: str, question: str, secret: bool) -> None:
    (tail,) = tails(name)
    assert (answer_for(tail, {}), is_known(tail), question_of(tail)) == (None, True, question)
    assert prompts.is_secret(question) == secret
    assert answer_for(tail, {question: "me"}) == Answer(question, "me", configured=True)


@pytest.mark.parametrize("name", ["bower-conflict-answered", "bower-init", "npm-init", "npx-proceed-answered"])
def test_the_end_asks_nothing(name: str) -> None:
    before, end = tails(name)[-2:]
    end = end.removeprefix(before)
    assert (answer_for(end, {}), is_known(end), looks_like_a_prompt(end), may_wait(end)) == (None, False, False, False)


HOST = (
    "The authenticity of host 'git.example (192.0.2.1)' can't be established.\r\n"
    "ED25519 key fingerprint is SHA256:abc.\r\nThis key is not known by any other names.\r\n"
    "Are you sure you want to continue connecting (yes/no/[fingerprint])? "
)


@pytest.mark.parametrize("tail", [HOST, "Enter passphrase for key '/work/id': ", "me@git.example's password: "])
def test_ssh_is_never_answered(tail: str) -> None:
    assert (answer_for(tail, {}), is_known(tail), looks_like_a_prompt(tail)) == (None, True, True)


@pytest.mark.parametrize(
    ("tail", "looks", "waits"),
    [
        ("Proceed with the migration? ", True, True),
        ("Continue [y/N] ", True, True),
        ("Which one:", True, True),
        ("> ", True, True),
        ("Your name\n> ", True, True),
        ("Name of the thing ", False, True),
        ("Your name?\n", False, True),
        ("bower jquery#* progress\r\n", False, False),
        ('Running "watch" task\nWaiting...', False, False),
        ("downloading 40%", False, False),
        ("name: app\nlicense:\n", False, True),
        ("", False, False),
        ("\x1b[32m✔\x1b[39m done\n", False, False),
    ],
)
def test_what_looks_like_a_question(tail: str, looks: bool, waits: bool) -> None:
    assert (looks_like_a_prompt(tail), may_wait(tail), answer_for(tail, {})) == (looks, waits, None)


def test_an_answer_is_only_given_to_a_question() -> None:
    assert answer_for("bower resolved jquery#1.0\nfetching jquery ", {"jquery": "1"}) is None
    assert answer_for("Which jquery? ", {"jquery": "1"}) == Answer("Which jquery?", "1", configured=True)


def test_a_line_that_was_written_anew_counts_once() -> None:
    assert plain("a\r\x1b[Kb\r\n\x1b[1mc\x1b[0m\x1b[1000D\x1b[Kd") == "b\nd"


def test_the_text_for_who_has_no_terminal() -> None:
    text = (
        "\x1b[?25l? Answer \x1b[9D\x1b[9C\x1b[1000D\x1b[K? Answer 3\x1b[10D\r\n"
        "\x1b[31mred\x1b[39m\r\r\n50%\r100%\r\n\x1b]0;title\x07end"
    )
    expected = "? Answer \r? Answer 3\n\x1b[31mred\x1b[39m\n50%\r100%\nend"
    for size in range(1, len(text) + 1):
        cleaned = Cleaned()
        pieces = [cleaned.more(text[at : at + size]) for at in range(0, len(text), size)]
        assert "".join(pieces) + cleaned.rest() == expected, size
