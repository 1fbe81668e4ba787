"""A tool that asks questions, for a caller without a terminal: known ones are answered, an unknown one ends it."""

from __future__ import annotations

import signal
from collections.abc import Callable, Mapping

import pexpect

from dfdev.core.frozen import dataclass
from dfdev.engine.protocol import Session
from dfdev.errors import DfdevError
from dfdev.frontend import prompts
from dfdev.frontend.talk import Interrupted, Talk
from dfdev.system.signals import Signals

_TWICE = 2
"""How often the same question is answered: an answer that is not taken is asked for again."""


@dataclass(frozen=True)
class Patience:
    """Seconds of silence: after a question that is known, after what looks like one, in the middle of any line."""

    known: float = 0.3
    likely: float = 10.0
    unfinished: float = 120.0


class Unanswered(DfdevError):
    """A tool asked what nobody here can answer; it was ended."""


def answering(
    session: Session,
    answers: Mapping[str, str],
    *,
    stdout: int,
    tell: Callable[[str], None],
    on_interrupt: Callable[[int], None],
    watch: Callable[[bytes], None] | None = None,
    save_resolutions: bool = False,
    patience: Patience | None = None,
) -> int:
    """The command's exit code, or 128 + n for signal n, as `relay` has it. The session has a terminal of `SIZE`.

    `stdout`: a file descriptor. `tell` gets a line for each answer; `answers`, `save_resolutions`: see `answer_for`;
    `on_interrupt` gets a signal's number and kills the command. Unanswered, EngineError.
    """
    with Signals(signal.SIGINT, signal.SIGTERM, signal.SIGHUP) as signals:
        talk = Talk(session, signals, stdout, watch)
        desk = _Desk(answers, save_resolutions, tell)
        try:
            _until_the_end(talk, desk, patience or Patience())
        except Interrupted as interrupted:
            on_interrupt(interrupted.number)
            talk.last_words()
            return 128 + interrupted.number
        except Unanswered:
            on_interrupt(signal.SIGTERM)
            raise
        return session.exit_code()


class _Desk:
    """Answers, and counts them."""

    def __init__(self, answers: Mapping[str, str], save_resolutions: bool, tell: Callable[[str], None]) -> None:
        self._answers = answers
        self._save = save_resolutions
        self._tell = tell
        self._given: dict[str, int] = {}

    def answer(self, tail: str) -> str | None:
        """What to type, None to wait on. Unanswered: a question that no answer fits, or whose answer is not taken."""
        found = prompts.answer_for(tail, self._answers, save_resolutions=self._save)
        if found is None:
            if prompts.is_known(tail):
                raise unanswered(prompts.question_of(tail))
            return None
        times = self._given[found.question] = self._given.get(found.question, 0) + 1
        if times > _TWICE:
            raise unanswered(found.question, f"{found.text!r} was not taken")
        whence = "[frontend.answers]" if found.configured else "the default"
        self._tell(f"dfdev answered “{found.question}” with {found.text or 'Enter'} ({whence})")
        return found.text


def unanswered(question: str, why: str = "") -> Unanswered:
    """The question, and what to type."""
    message = f"it asks “{question}”" + (f": {why}" if why else ", and nobody is there to answer")
    if prompts.is_secret(question):
        return Unanswered(
            message, "a secret does not belong in dfdev.toml: put it into ~/.netrc, ~/.npmrc or an ssh key"
        )
    part = question.rstrip(" :?").replace("\\", "\\\\").replace('"', '\\"')
    return Unanswered(message, f'run it in a terminal, or answer it in dfdev.toml: [frontend.answers] "{part}" = "…"')


def _until_the_end(talk: Talk, desk: _Desk, patience: Patience) -> None:
    while True:
        try:
            if not talk.listen(patience.known):
                _silence(talk, desk, patience)
        except pexpect.EOF:
            talk.rest()
            return


def _silence(talk: Talk, desk: _Desk, patience: Patience) -> None:
    """After something was said: until it is answered, or something more is said. Unanswered."""
    answer = desk.answer(talk.tail)
    if answer is not None:
        talk.tail = ""
        talk.say(answer)
        return
    if talk.listen(patience.likely - patience.known):
        return
    if prompts.looks_like_a_prompt(talk.tail):
        raise unanswered(prompts.question_of(talk.tail))
    if talk.listen(patience.unfinished - patience.likely):
        return
    if prompts.may_wait(talk.tail):
        raise unanswered(prompts.last_line(talk.tail))
    while not talk.listen(60.0):
        continue
