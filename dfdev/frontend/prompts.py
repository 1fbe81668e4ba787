"""The questions that front-end tools are known to ask, and what they are answered where nobody can be asked. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from dfdev.core.frozen import dataclass
from dfdev.frontend.screen import plain

ENTER = ""
"""The tool's own default."""


@dataclass(frozen=True)
class Answer:
    """`question`: in one line. `text`: to be typed before Enter; `configured`: it is of [frontend.answers]."""

    question: str
    text: str
    configured: bool = False


@dataclass(frozen=True)
class Known:
    """`pattern`: at the end of what a tool said. `answer`: None where there is none that fits everybody."""

    pattern: re.Pattern[str]
    answer: str | None


def _known(pattern: str, answer: str | None) -> Known:
    return Known(re.compile(rf"^(?:{pattern})[ \t]*\Z", re.IGNORECASE | re.MULTILINE), answer)


_CONFLICT = "Unable to find a suitable version for "
_PICKING = re.compile(r"(?P<question>[^\n]*?):?\n(?P<picks>(?:.*\n)*)\W*Answer:?[ \t]*\Z")
"""bower: the end is `? Answer`, what it is about stands above."""
_PICK = re.compile(r"^\s*(?P<number>\d+)\) .*? resolved to (?P<version>\S+)", re.MULTILINE)
_LINE = r"[^\n]*"
_FREE = "description|main file|keywords|authors|license|homepage"
_PACKAGE = "package name|name|version|description|entry point|test command|git repository|keywords|author|license|type"
_KNOWN = (
    # insight, of bower to 1.3 and of yo: https://github.com/yeoman/insight
    _known(rf"{_LINE}anonymously report usage statistics{_LINE} \(Y/n\)", "n"),
    # npx and npm exec, of a package that is not installed
    _known(r"Ok to proceed\? \(y\)", "y"),
    # npm init; each shows its default in parentheses
    _known(rf"(?:{_PACKAGE}): (?:\([^\n]*\))?", ENTER),
    _known(r"Is this OK\? \(yes\)", ENTER),
    # bower init
    _known(rf"\W*(?:{_FREE})(?: \([^\n]*\))?", ENTER),
    # Yeoman: keep what is there
    _known(rf"{_LINE}Overwrite [^\n]*\? ?\([a-z]*h\)", "n"),
    # git over ssh and https, npm login: nobody else can know
    _known(r"Are you sure you want to continue connecting[^\n]*", None),
    _known(rf"(?:{_LINE}\b)?(?:Username|Password|Passphrase|Passcode|One-time password|OTP|Email)\b[^\n]*:", None),
    _known(r"Enter passphrase for key[^\n]*:", None),
    # inquirer does not take an answer
    _known(r">> [^\n]*", None),
    # inquirer: the capital letter, or what stands in parentheses, is what Enter means
    _known(rf"\W*\?\W*{_LINE} \((?:Y/n|y/N)\)", ENTER),
    _known(r"\? [^\n]* \((?!Use arrow|Press |Move up)[^()\n]+\)", ENTER),
)  # fmt: skip
"""The first that fits counts."""
_SECRET = re.compile(r"password|passphrase|passcode|\bOTP\b", re.IGNORECASE)
_CHOICE = re.compile(r"^[^\n]*\((?:Use arrow keys|Press <space>|Move up and down)[^)]*\)", re.MULTILINE)
"""inquirer's lists: the question, then its choices."""
_ENDS_LIKE_ONE = re.compile(r"(?:[?:>❯]|[\[(](?:y(?:es)?/no?|[a-z]{2,})[\])])\s*\Z", re.IGNORECASE)


def answer_for(tail: str, answers: Mapping[str, str], *, save_resolutions: bool = False) -> Answer | None:
    """What to answer to the question that `tail`, the end of what a tool said, asks. None: it asks none that is
    known, or one that only somebody can answer who is there.

    `answers`: a part of the question -> the answer. `save_resolutions`: bower writes its choice to bower.json.
    """
    text = plain(tail)
    conflict = _conflict(text)
    if conflict:
        return _choice(conflict, answers, "!" if save_resolutions else "")
    question = question_of(tail)
    given = _given(question, answers)
    if given is not None and looks_like_a_prompt(tail):
        return Answer(question, given, configured=True)
    found = next((known for known in _KNOWN if known.pattern.search(text)), None)
    return None if found is None or found.answer is None else Answer(question, found.answer)


def is_known(tail: str) -> bool:
    """Whether it certainly is a question, with or without an answer of ours."""
    text = plain(tail)
    return bool(_conflict(text)) or any(known.pattern.search(text) for known in _KNOWN)


def looks_like_a_prompt(tail: str) -> bool:
    """Whether somebody who sees this would think that an answer is waited for."""
    text = plain(tail)
    return is_known(tail) or bool(_ENDS_LIKE_ONE.search(_last(text))) or _choice_at_the_end(text) is not None


def may_wait(tail: str) -> bool:
    """Whether a long silence is more likely to wait than to work: in the middle of a line, or after one that asks;
    not where it says itself that something is going on.
    """
    text = plain(tail)
    last = _last(text).rstrip()
    return not last.endswith(("...", "…", "%")) and bool(last or _ENDS_LIKE_ONE.search(_last(text.rstrip())))


def is_secret(question: str) -> bool:
    """Its answer has no place in a file that is shared."""
    return bool(_SECRET.search(question))


def question_of(tail: str) -> str:
    """What is asked, in one line; "" where nothing is."""
    text = plain(tail)
    conflict = _conflict(text)
    if conflict:
        return conflict["question"]
    last = _last(text)
    if last.startswith(">> "):
        last = " ".join(text.split("\n")[-2:])
    return " ".join((_choice_at_the_end(text) or last).split())


def last_line(tail: str) -> str:
    """The last that says something."""
    return _last(plain(tail).rstrip()).strip()


def _choice(conflict: re.Match[str], answers: Mapping[str, str], save: str) -> Answer:
    """The newest version, as bower's own --force-latest takes: its list ends with it."""
    question, picks = conflict["question"], _PICK.findall(conflict["picks"])
    given = _given(question, answers)
    if given is not None:
        numbers = {version: number for number, version in picks}
        return Answer(question, f"{save}{numbers.get(given, given)}", configured=True)
    return Answer(question, f"{save}{picks[-1][0] if picks else 1}")


def _conflict(text: str) -> re.Match[str] | None:
    """The last one, where it is still to be answered."""
    begin = text.rfind(_CONFLICT)
    return _PICKING.match(text, begin) if begin >= 0 else None


def _given(question: str, answers: Mapping[str, str]) -> str | None:
    return next((answer for part, answer in answers.items() if part.lower() in question.lower()), None)


def _choice_at_the_end(text: str) -> str | None:
    """The question of a list whose choices are all that follows: an answered one is overwritten."""
    found = next(reversed(list(_CHOICE.finditer(text))), None)
    if found is None or re.search(r"^\S", text[found.end() :].replace("\n❯", "\n "), re.MULTILINE):
        return None
    return found.group()


def _last(text: str) -> str:
    return text.rpartition("\n")[2]
