"""One contract of an open `Shell`, kept by the real Dialogue (on a local `sh -s`) and by the fake."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

import pytest

from dfdev.errors import MachineError
from dfdev.system.commands import CommandLate, CommandMissing
from dfdev.system.dialogue import Answers, Dialogue, Shell
from tests.fakes.shell import FakeShell

SECONDS = 20.0


class Rig(Protocol):
    """Makes the shell behave; each method returns a script for it."""

    shell: Shell
    title: str

    def prints(self, out: str, code: int = 0) -> str: ...

    def never_ends(self) -> str: ...

    def ends_itself(self, words: str) -> str: ...


class Fake:
    title = "ssh vm"

    def __init__(self) -> None:
        self._fake = FakeShell(self.title)
        self.shell: Shell = self._fake

    def prints(self, out: str, code: int = 0) -> str:
        script = f"print {out[:20]!r}"
        self._fake.on(script, out, code)
        return script

    def never_ends(self) -> str:
        self._fake.late("sleep")
        return "sleep 1000"

    def ends_itself(self, words: str) -> str:
        self._fake.ends("exit", words)
        return "exit 3"


class Real:
    title = "sh -s"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files = 0
        self.shell: Shell = dialogue("sh", "-s")

    def prints(self, out: str, code: int = 0) -> str:
        self._files += 1
        file = self._folder / f"out{self._files}"
        file.write_text(out, encoding="utf-8")
        return f"cat {file}\n(exit {code})"

    def never_ends(self) -> str:
        return "sleep 1000"

    def ends_itself(self, words: str) -> str:
        return f"echo '{words}' >&2; exit 3"


def dialogue(*argv: str, answers: Answers = (), **environ: str) -> Dialogue:
    return Dialogue(argv, {"PATH": os.environ["PATH"], **environ}, answers)


@pytest.fixture(params=["fake", "real"])
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    made: Rig = Fake() if request.param == "fake" else Real(tmp_path)
    with made.shell:
        yield made


@pytest.mark.parametrize("code", [0, 1, 77, 255])
@pytest.mark.parametrize("out", ["", "one\n", "one\n\n  two\n", "no end of line", "ü €\n", "echo dfdev-answer- 0\n"])
def test_the_output_and_the_exit_code(rig: Rig, out: str, code: int) -> None:
    reply = rig.shell.ask(rig.prints(out, code), timeout=SECONDS)
    assert (reply.out, reply.code) == (out, code)


def test_question_after_question(rig: Rig) -> None:
    scripts = [rig.prints(f"{number}\n", number) for number in range(5)]
    replies = [rig.shell.ask(script, timeout=SECONDS) for script in scripts]
    assert [(reply.out, reply.code) for reply in replies] == [(f"{number}\n", number) for number in range(5)]


def test_the_host_s_clock_around_it(rig: Rig) -> None:
    before = time.time_ns()
    reply = rig.shell.ask(rig.prints("x\n"), timeout=SECONDS)
    assert before <= reply.asked <= reply.answered <= time.time_ns()
    assert 0 <= reply.took <= reply.answered - reply.asked + 50_000_000


def test_a_script_that_never_ends(rig: Rig) -> None:
    with pytest.raises(CommandLate) as error:
        rig.shell.ask(rig.never_ends(), timeout=0.3)
    assert error.value.message == f"`{rig.title}` did not answer within 0.3 s"
    assert error.value.hint == "run it by hand to see what it waits for"


def test_a_shell_that_ends(rig: Rig) -> None:
    with pytest.raises(MachineError) as error:
        rig.shell.ask(rig.ends_itself("connection lost"), timeout=SECONDS)
    assert error.value.message == f"`{rig.title}` ended: connection lost"
    assert error.value.hint == "run it by hand to see why"


# -- the real one alone


@pytest.fixture
def real() -> Iterator[Dialogue]:
    with dialogue("sh", "-s") as shell:
        yield shell


def test_both_streams_are_one_text(real: Dialogue) -> None:
    assert real.ask("echo out; echo err >&2; echo out", timeout=SECONDS).out == "out\nerr\nout\n"


@pytest.mark.parametrize(
    ("script", "out"),
    [
        ("if true; then\n  echo yes\nfi\n", "yes\n"),
        ("\n\n  echo indented  \n\n", "indented\n"),
        ("x=1\ny=2\necho $((x + y)) # sum", "3\n"),
        ("cat <<END\na b\n  c\nEND", "a b\n  c\n"),
        ("f() {\n  echo \"$1\"\n}\nf 'it''s'", "its\n"),
        ("false", ""),
        ("(\nexit 3\n)", ""),
        ("", ""),
        ("# nothing at all", ""),
    ],
)
def test_scripts_of_many_lines(real: Dialogue, script: str, out: str) -> None:
    assert real.ask(script, timeout=SECONDS).out == out
    assert real.ask("echo alive", timeout=SECONDS).out == "alive\n"


def test_it_is_the_same_shell_all_the_time(real: Dialogue) -> None:
    real.ask("x=5; cd /", timeout=SECONDS)
    assert real.ask('echo "$x $PWD"', timeout=SECONDS).out == "5 /\n"


def test_a_script_does_not_read_what_comes_after_it(real: Dialogue) -> None:
    assert real.ask("cat; read line; echo $?", timeout=SECONDS).out == "1\n"
    assert real.ask("echo next", timeout=SECONDS).out == "next\n"


def test_the_banner_before_the_first_answer_is_no_part_of_it() -> None:
    with dialogue("sh", "-c", "echo Welcome; echo ' 12 updates' >&2; printf 'no newline'; exec sh -s") as shell:
        assert shell.ask("echo one", timeout=SECONDS).out == "one\n"


def test_bytes_that_are_no_utf_8(real: Dialogue) -> None:
    assert real.ask("printf 'caf\\351 \\342\\202\\254\\n'", timeout=SECONDS).out == "caf\ufffd \u20ac\n"


def test_a_megabyte_of_output(real: Dialogue) -> None:
    began = time.monotonic()
    reply = real.ask(
        "i=0; while [ $i -lt 16 ]; do head -c 65536 /dev/zero | tr '\\0' x; i=$((i+1)); done", timeout=SECONDS
    )
    assert reply.out == "x" * 2**20
    assert time.monotonic() - began < 5


def test_a_large_script_that_prints_while_it_is_sent(real: Dialogue) -> None:
    """More than the pipes hold, in both directions."""
    line = "echo " + "y" * 95 + "\n"
    assert real.ask(line * 5000, timeout=SECONDS).out == line.removeprefix("echo ") * 5000


def test_a_large_script_that_nobody_reads() -> None:
    with dialogue("sleep", "1000") as shell, pytest.raises(CommandLate):
        shell.ask("#" * 300_000, timeout=0.5)


def test_an_answer_that_is_late_is_not_taken_for_the_next_one(real: Dialogue) -> None:
    with pytest.raises(CommandLate):
        real.ask("sleep 0.5; echo first", timeout=0.1)
    assert real.ask("echo second", timeout=SECONDS).out == "second\n"


def test_the_last_words_of_a_command_that_is_late() -> None:
    with dialogue("sh", "-c", "echo 'ssh: still connecting' >&2; sleep 1000") as shell:
        with pytest.raises(CommandLate, match=r"did not answer within 0\.5 s: ssh: still connecting"):
            shell.ask("date", timeout=0.5)


@pytest.mark.parametrize("command", ["echo 'no route to host' >&2; exit 255", "echo 'no route to host' >/dev/tty"])
def test_a_command_that_ends_at_once(command: str) -> None:
    """It says why on a stream, or on the terminal that it has to itself."""
    with dialogue("sh", "-c", command) as shell, pytest.raises(MachineError, match="ended: no route to host"):
        shell.ask("date", timeout=SECONDS)


def test_whoever_asks_again_after_the_end_is_told_again(real: Dialogue) -> None:
    for _ in range(2):
        with pytest.raises(MachineError, match="ended"):
            real.ask("exit 1", timeout=SECONDS)


# -- prompts


def prompting(*prompts: str) -> tuple[str, ...]:
    """Asks on its terminal, as ssh does, and shows what it got."""
    ask = 'read answer </dev/tty; echo "got $answer"'
    steps = "; ".join(f"printf '%s' \"{prompt}\" >/dev/tty; {ask}" for prompt in prompts)
    return ("sh", "-c", f"{steps}; exec sh -s")


HOST_KEY = "The authenticity of host 'vm' can't be established.\nAre you sure (yes/no/[fingerprint])? "
PASSWORD = "docker@127.0.0.1's password: "


def heard(argv: Sequence[str], answers: Answers) -> Dialogue:
    return dialogue(*argv, answers=answers)


def test_prompts_are_answered() -> None:
    with heard(prompting(HOST_KEY, PASSWORD), [(r"yes/no", "yes"), (r"assword", "tcuser")]) as shell:
        assert shell.ask("echo in", timeout=SECONDS).out == "in\n"


def test_a_password_is_typed_once() -> None:
    """A wrong one is not typed again and again."""
    with heard(prompting(PASSWORD, PASSWORD), [(r"assword", "tcuser")]) as shell:
        with pytest.raises(MachineError, match=r"asks a person: docker@127\.0\.0\.1's password:"):
            shell.ask("echo in", timeout=SECONDS)


@pytest.mark.parametrize(
    "prompt", [HOST_KEY, PASSWORD, "Enter passphrase for key '/k': ", "[sudo] password for me: ", "Go on? [y/n] "]
)
def test_a_prompt_that_nobody_can_answer_is_named(prompt: str) -> None:
    with heard(prompting(prompt), ()) as shell, pytest.raises(MachineError) as error:
        shell.ask("date", timeout=SECONDS)
    assert f"asks a person: {prompt.strip().splitlines()[-1]}" in error.value.message
    assert "by hand once" in error.value.hint


def test_an_answer_is_not_shown_where_the_shell_s_output_is() -> None:
    with heard(prompting(PASSWORD), [(r"assword", "hunter2")]) as shell:
        assert "hunter2" not in shell.ask("true", timeout=SECONDS).out


# -- nothing stays behind


def left() -> tuple[set[str], set[str], set[str]]:
    """File descriptors, temporary folders, children."""
    temp = Path(os.environ.get("TMPDIR", "/tmp"))
    fds = {fd.name for fd in Path("/proc/self/fd").iterdir() if fd.exists()}
    folders = {path.name for path in temp.glob(f"dfdev-shell-{os.getpid()}-*")}
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return fds, folders, set(children)


def test_a_shell_that_answered_has_no_folder_any_more_so_that_killing_its_owner_leaves_none() -> None:
    before = left()[1]
    with dialogue("sh", "-s") as shell:
        assert left()[1] > before
        shell.ask("true", timeout=SECONDS)
        assert left()[1] == before
        assert shell.ask("echo on", timeout=SECONDS).out == "on\n"


def works() -> None:
    with dialogue("sh", "-s") as shell:
        shell.ask("sleep 1000 &", timeout=SECONDS)


def is_late() -> None:
    with dialogue("sleep", "1000") as shell, pytest.raises(CommandLate):
        shell.ask("true", timeout=0.1)


def ends() -> None:
    with dialogue("false") as shell, pytest.raises(MachineError):
        shell.ask("true", timeout=SECONDS)


def is_missing() -> None:
    with pytest.raises(CommandMissing) as error:
        dialogue("no-such-command")
    assert error.value.message == "there is no command no-such-command here"


def is_interrupted() -> None:
    with pytest.raises(KeyboardInterrupt), dialogue("sh", "-s") as shell:
        shell.ask("true", timeout=SECONDS)
        raise KeyboardInterrupt


@pytest.mark.parametrize("use", [works, is_late, ends, is_missing, is_interrupted])
def test_nothing_stays_behind(use: Callable[[], None]) -> None:
    use()
    before = left()
    use()
    assert left() == before


def test_the_shell_and_what_it_runs_end_with_it(tmp_path: Path) -> None:
    with dialogue("sh", "-s") as shell:
        pid = int(shell.ask("echo $$", timeout=SECONDS).out)
        with pytest.raises(CommandLate):
            shell.ask(f"sh -c 'echo $$ >{tmp_path}/pid; exec sleep 1000'", timeout=0.5)
    running = [pid, int((tmp_path / "pid").read_text())]
    end = time.monotonic() + 5
    while any(map(alive, running)) and time.monotonic() < end:
        os.sched_yield()
    assert not any(map(alive, running))


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
