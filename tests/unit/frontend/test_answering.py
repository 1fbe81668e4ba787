"""Tools that ask, in a real terminal of ours: answered, told, ended, and never waited for without an end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from dfdev.errors import EngineHung
from dfdev.frontend.answering import Patience, Unanswered, answering
from dfdev.frontend.asking import SIZE, bytes_waiting
from tests.contract.rig import soon
from tests.fakes.session import LocalSession, local_session

ROOT = Path(__file__).resolve().parents[3]
SOON = Patience(known=0.1, likely=0.3, unfinished=0.6)
PROCEED = "printf 'Ok to proceed? (y) '; read -r answer; echo \"got $answer.\""


class Ran:
    """A script of the shell that was talked with."""

    def __init__(self, script: str, folder: Path, answers: Mapping[str, str] | None = None, **options: bool) -> None:
        self.told: list[str] = []
        self.killed: list[int] = []
        self.seen = b""
        self.code = -1
        self._out = folder / "out"
        argv = ["sh", "-c", script]
        with self._out.open("wb") as out, local_session(argv, SIZE, "", {}, "", lambda: None) as session:
            self.code = answering(
                session,
                answers or {},
                stdout=out.fileno(),
                tell=self.told.append,
                on_interrupt=lambda number: self._kill(session, number),
                watch=self._watch,
                patience=SOON,
                **options,
            )

    @property
    def out(self) -> str:
        return self._out.read_text()

    def _watch(self, data: bytes) -> None:
        self.seen += data

    def _kill(self, session: LocalSession, number: int) -> None:
        self.killed.append(number)
        assert session.process is not None
        session.process.kill()


def test_a_known_question_is_answered_and_told(tmp_path: Path) -> None:
    ran = Ran(f"{PROCEED}; exit 3", tmp_path)
    assert (ran.code, ran.out) == (3, "Ok to proceed? (y) y\ngot y.\n")
    assert ran.told == ["dfdev answered “Ok to proceed? (y)” with y (the default)"]
    assert ran.seen.decode() == ran.out


def test_an_answer_of_the_file_goes_first(tmp_path: Path) -> None:
    ran = Ran(PROCEED, tmp_path, {"ok to proceed": "n"})
    assert ran.out.endswith("got n.\n")
    assert ran.told == ["dfdev answered “Ok to proceed? (y)” with n ([frontend.answers])"]


def test_enter_is_an_answer(tmp_path: Path) -> None:
    ran = Ran("printf 'license: (ISC) '; read -r answer; echo \"got $answer.\"", tmp_path)
    assert ran.out.endswith("got .\n")
    assert ran.told == ["dfdev answered “license: (ISC)” with Enter (the default)"]


def test_a_tool_that_asks_nothing(tmp_path: Path) -> None:
    ran = Ran("printf 'a\\033[31mb\\033[0m\\033[5D\\n'; echo c >&2; stty size; exit 4", tmp_path)
    assert (ran.code, ran.out) == (4, "a\x1b[31mb\x1b[0m\nc\n50 200\n")
    assert (ran.told, ran.killed) == ([], [])


@pytest.mark.parametrize(
    ("said", "question"),
    [
        ("Migrate the database? ", "Migrate the database?"),
        ("Name of the thing ", "Name of the thing"),
        ("Your name?\\n", "Your name?"),
        ("? Which licence? (Use arrow keys)\\n❯ MIT\\n  GPL ", "? Which licence? (Use arrow keys)"),
        ("Username for 'git.example': ", "Username for 'git.example':"),
    ],
)
def test_an_unknown_question_ends_it(tmp_path: Path, said: str, question: str) -> None:
    with pytest.raises(Unanswered) as caught:
        Ran(f'printf "{said}"; read -r answer; echo never', tmp_path)
    assert caught.value.message == f"it asks “{question}”, and nobody is there to answer"
    part = question.rstrip(" :?")
    assert caught.value.hint.endswith(f'in dfdev.toml: [frontend.answers] "{part}" = "…"')
    assert "never" not in (tmp_path / "out").read_text()


def test_what_is_said_to_do_answers_it(tmp_path: Path) -> None:
    ran = Ran("printf 'Migrate \"all\" of it? '; read -r it; echo got $it", tmp_path, {'Migrate "all" of it': "later"})
    assert ran.out.endswith("got later\n")


def test_a_secret_is_not_to_be_written_down(tmp_path: Path) -> None:
    with pytest.raises(Unanswered) as caught:
        Ran("printf 'Password: '; read -r answer", tmp_path)
    assert "[frontend.answers]" not in caught.value.hint
    assert "~/.npmrc" in caught.value.hint


def test_an_answer_that_is_not_taken_is_not_given_for_ever(tmp_path: Path) -> None:
    with pytest.raises(Unanswered, match="'y' was not taken"):
        Ran("while :; do printf 'Ok to proceed? (y) '; read -r answer; done", tmp_path)


def test_work_that_takes_its_time_is_no_question(tmp_path: Path) -> None:
    """Longer than any patience."""
    ran = Ran("printf 'Waiting...'; sleep 1; echo; echo Building; sleep 1; echo done", tmp_path)
    assert (ran.code, ran.out) == (0, "Waiting...\nBuilding\ndone\n")


def test_text_goes_on_in_time(tmp_path: Path) -> None:
    """What looks like a question for a moment."""
    ran = Ran("printf 'Compiled files:'; sleep 0.2; echo ' 3'", tmp_path)
    assert (ran.code, ran.out) == (0, "Compiled files: 3\n")


def test_much_output_is_whole(tmp_path: Path) -> None:
    assert len(Ran("seq 100000", tmp_path).out.split()) == 100000


def test_an_engine_that_hangs_ends_it(tmp_path: Path) -> None:
    def hung() -> None:
        raise EngineHung("it did not answer")

    with (tmp_path / "out").open("wb") as out, local_session(["sleep", "1000"], SIZE, "", {}, "", hung) as session:
        session.quiet = 0.0
        with pytest.raises(EngineHung):
            answering(session, {}, stdout=out.fileno(), tell=print, on_interrupt=lambda _: None)


ANSWERED = """
import sys
from dfdev.frontend.answering import answering
from dfdev.frontend.asking import SIZE
from tests.fakes.session import local_session
with local_session(["sh", "-c", sys.argv[1]], SIZE, "", {}, "", lambda: None) as session:
    kill = lambda number: session.process.send_signal(number if number != 13 else 9)
    sys.exit(answering(session, {}, stdout=1, tell=lambda _: None, on_interrupt=kill))
"""


def started(script: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", ANSWERED, script], stdout=subprocess.PIPE, cwd=ROOT)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_ends_it_and_its_last_words_are_heard(number: int, code: int) -> None:
    script = "trap 'echo bye; exit' INT TERM HUP; echo ready; while :; do sleep 0.05; done"
    process = started(script)
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    os.kill(process.pid, number)
    assert process.communicate(timeout=20)[0] == b"bye\n"
    assert process.returncode == code


def test_a_reader_that_goes_away_ends_it() -> None:
    process = started("while :; do echo y; done")
    assert process.stdout is not None
    assert process.stdout.read(2) == b"y\n"
    process.stdout.close()
    assert process.wait(20) == 141


def test_a_reader_that_stopped_reading_keeps_no_signal_away() -> None:
    process = started("while :; do echo y; done")
    assert process.stdout is not None
    waiting = [0]

    def full() -> bool:
        before, waiting[0] = waiting[0], bytes_waiting(process.stdout.fileno()) if process.stdout else 0
        return waiting[0] == before > 16384

    soon(full)
    os.kill(process.pid, signal.SIGTERM)
    assert process.wait(20) == 143
    process.stdout.close()
