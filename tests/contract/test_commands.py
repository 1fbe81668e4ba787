"""One contract of `Commands`, kept by the real one and by the fake that unit tests use."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Protocol

import pytest

from dfdev.errors import MachineError
from dfdev.system.commands import CommandLate, CommandMissing, Commands, HostCommands, Ran
from tests.fakes.commands import Call, FakeCommands

SECONDS = 20.0


class Rig(Protocol):
    """Makes the command `tool` behave."""

    commands: Commands

    def prints(self, out: str, err: str = "", code: int = 0) -> None: ...

    def prints_bytes(self, out: bytes) -> None:
        """Not all of them UTF-8."""

    def repeats_stdin(self) -> None: ...

    def prints_variable(self, name: str) -> None: ...

    def never_ends(self) -> None: ...


class Fake:
    def __init__(self) -> None:
        self.fake = FakeCommands({"HOME": "/h", "COLOUR": "red", "PATH": "/usr/bin"})
        self.commands: Commands = self.fake

    def prints(self, out: str, err: str = "", code: int = 0) -> None:
        self.fake.on("tool", out, err, code)

    def prints_bytes(self, out: bytes) -> None:
        self.fake.on("tool", out.decode("utf-8", "replace"))

    def repeats_stdin(self) -> None:
        self._does(lambda call: call.stdin)

    def prints_variable(self, name: str) -> None:
        self._does(lambda call: call.env.get(name, "") + "\n")

    def never_ends(self) -> None:
        self.fake.late("tool")

    def _does(self, work: Callable[[Call], str]) -> None:
        self.fake.reply("tool", lambda call: Ran(call.argv, 0, work(call)))


class Host:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        path = f"{folder}:{os.environ['PATH']}"
        self.commands: Commands = HostCommands({"HOME": "/h", "COLOUR": "red", "PATH": path})

    def script(self, text: str) -> None:
        file = self.folder / "tool"
        file.write_text(f"#!/bin/sh\n{text}\n")
        file.chmod(0o755)

    def prints(self, out: str, err: str = "", code: int = 0) -> None:
        (self.folder / "err").write_text(err)
        end = f"kill -{-code} $$" if code < 0 else f"exit {code}"
        self.prints_bytes(out.encode(), f"cat {self.folder}/err >&2; {end}")

    def prints_bytes(self, out: bytes, then: str = "") -> None:
        (self.folder / "out").write_bytes(out)
        self.script(f"cat {self.folder}/out; {then}")

    def repeats_stdin(self) -> None:
        self.script("cat")

    def prints_variable(self, name: str) -> None:
        self.script(f'echo "${name}"')

    def never_ends(self) -> None:
        self.script("sleep 1000 & wait")


@pytest.fixture(params=["fake", "host"])
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    yield Fake() if request.param == "fake" else Host(tmp_path)


@pytest.fixture
def host(tmp_path: Path) -> Host:
    return Host(tmp_path)


@pytest.mark.parametrize("code", [0, 1, 125, -9])
def test_both_streams_and_the_exit_code(rig: Rig, code: int) -> None:
    rig.prints("one\ntwo\n", "oops\n", code)
    ran = rig.commands.run(["tool", "a b"], timeout=SECONDS)
    assert (ran.argv, ran.code, ran.out, ran.err, ran.ok) == (("tool", "a b"), code, "one\ntwo\n", "oops\n", code == 0)


@pytest.mark.parametrize(
    ("out", "err", "said"),
    [("x\n", "first\n last \n\n", "last"), ("one\ntwo\n", "", "two"), ("", "", "exit code 3")],
)
def test_what_it_complained_about(rig: Rig, out: str, err: str, said: str) -> None:
    rig.prints(out, err, 3)
    assert rig.commands.run(["tool"], timeout=SECONDS).said == said


@pytest.mark.parametrize("text", ["", "set -e\ndate -u\n", "ü\n"])
def test_stdin(rig: Rig, text: str) -> None:
    rig.repeats_stdin()
    assert rig.commands.run(["tool"], timeout=SECONDS, stdin=text).out == text


def test_stdin_that_nobody_reads(rig: Rig) -> None:
    rig.prints("done\n")
    assert rig.commands.run(["tool"], timeout=SECONDS, stdin="x" * 1_000_000).out == "done\n"


@pytest.mark.parametrize(
    ("env", "colour"), [(None, "red"), ({}, "red"), ({"COLOUR": "blue"}, "blue"), ({"X": "1"}, "red")]
)
def test_the_environment(rig: Rig, env: Mapping[str, str] | None, colour: str) -> None:
    rig.prints_variable("COLOUR")
    assert rig.commands.run(["tool"], timeout=SECONDS, env=env).out == f"{colour}\n"
    assert rig.commands.environ["COLOUR"] == "red"


def test_which(rig: Rig) -> None:
    assert rig.commands.which("tool") is None
    rig.prints("")
    assert str(rig.commands.which("tool")).endswith("/tool")


def test_a_missing_command(rig: Rig) -> None:
    with pytest.raises(CommandMissing) as error:
        rig.commands.run(["tool", "x"], timeout=SECONDS)
    assert error.value.message == "there is no command tool here"
    assert error.value.hint == "install it, or put it into PATH: tool"
    assert error.value.code == 4


def test_a_late_command(rig: Rig) -> None:
    rig.never_ends()
    with pytest.raises(CommandLate) as error:
        rig.commands.run(["tool", "a b"], timeout=0.3)
    assert error.value.message == "`tool 'a b'` did not end within 0.3 s"
    assert error.value.hint == "run it by hand to see what it waits for"


def test_lines_as_they_come(rig: Rig) -> None:
    rig.prints("one\n\n  two  \nthree", "")
    lines: list[str] = []
    ran = rig.commands.run(["tool"], timeout=SECONDS, on_line=lines.append)
    assert lines == ["one", "  two", "three"]
    assert ran.out == "one\n\n  two  \nthree"


def test_lines_of_both_streams(rig: Rig) -> None:
    rig.prints("out\n", "err\n", 1)
    lines: list[str] = []
    rig.commands.run(["tool"], timeout=SECONDS, on_line=lines.append)
    assert sorted(lines) == ["err", "out"]


def test_a_listener_that_fails(rig: Rig) -> None:
    rig.prints("one\ntwo\n")

    def listen(line: str) -> None:
        raise BrokenPipeError(line)

    with pytest.raises(BrokenPipeError, match="one"):
        rig.commands.run(["tool"], timeout=SECONDS, on_line=listen)


def test_bytes_that_are_no_utf_8(rig: Rig) -> None:
    rig.prints_bytes(b"caf\xe9 \xe2\x82\xac\n")
    assert rig.commands.run(["tool"], timeout=SECONDS).out == "caf\ufffd \u20ac\n"


def test_a_late_command_dies_with_its_children(host: Host, tmp_path: Path) -> None:
    host.script(f"sleep 1000 & echo $! > {tmp_path}/child; wait")
    with pytest.raises(CommandLate):
        host.commands.run(["tool"], timeout=1.0)
    assert ended(int((tmp_path / "child").read_text()))


def test_an_interrupt_ends_it_too(host: Host, tmp_path: Path) -> None:
    host.script(f"sleep 1000 & echo $! > {tmp_path}/child; sleep 0.3; echo ready; wait")

    def interrupt(line: str) -> None:
        os.kill(os.getpid(), 2)

    with pytest.raises(KeyboardInterrupt):
        host.commands.run(["tool"], timeout=SECONDS, on_line=interrupt)
    assert ended(int((tmp_path / "child").read_text()))


def test_a_daemon_that_it_leaves_is_not_waited_for(host: Host, tmp_path: Path) -> None:
    """A VM, say, that keeps its starter's stdout."""
    host.script(f"sleep 1000 & echo $! > {tmp_path}/child; echo started")
    begun = time.monotonic()
    assert host.commands.run(["tool"], timeout=SECONDS).out == "started\n"
    assert time.monotonic() - begun < 5
    child = int((tmp_path / "child").read_text())
    assert not ended(child, within=0.1)
    os.kill(child, 9)


def test_much_output_on_both_streams(host: Host) -> None:
    host.script("i=0; while [ $i -lt 3000 ]; do echo $i-0123456789012345678901234567890123456789; i=$((i+1)); done; "
                "seq 30000 >&2")  # fmt: skip
    ran = host.commands.run(["tool"], timeout=SECONDS)
    assert len(ran.out.splitlines()) == 3000
    assert ran.err.splitlines()[-1] == "30000"


def test_it_has_no_terminal_and_a_process_group_of_its_own(host: Host) -> None:
    host.script('tty >/dev/null && echo tty; ps -o pgid= -p $$ | tr -d " "; echo $$')
    group, pid = host.commands.run(["tool"], timeout=SECONDS).out.split()
    assert group == pid


def test_a_file_that_cannot_be_run(host: Host) -> None:
    host.script("")
    (host.folder / "tool").write_bytes(b"\x7fELF nonsense")
    with pytest.raises(MachineError, match=r"cannot run .*/tool: Exec format error"):
        host.commands.run(["tool"], timeout=SECONDS)


def ended(pid: int, within: float = 5.0) -> bool:
    """Gone, or a zombie that nobody has collected yet."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
            os.kill(pid, 0)
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.05)
    return False
