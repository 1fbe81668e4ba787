"""The relay between real pipes and ptys, and a process in the place of the container's command."""

from __future__ import annotations

import hashlib
import os
import re
import signal
import subprocess
import sys
import tempfile
import termios
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pexpect
import pytest

from dfdev.errors import DfdevError, EngineHung, NotFound
from dfdev.frontend.relay import relay
from tests.contract.rig import soon
from tests.fakes.session import local_session

RELAYED = [sys.executable, "-m", "tests.fakes.relayed"]
ROOT = Path(__file__).resolve().parents[3]


def ran(argv: Sequence[str], given: bytes = b"") -> tuple[int, bytes, bytes]:
    done = subprocess.run([*RELAYED, *argv], input=given, capture_output=True, cwd=ROOT, timeout=60)
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def shell(request: pytest.FixtureRequest) -> Iterator[pexpect.spawn]:
    """At a terminal of 100 columns: a shell behind the relay."""
    child = pexpect.spawn(
        RELAYED[0],
        [*RELAYED[1:], "sh", "-c", "stty size; echo ready; exec sh"],
        cwd=str(ROOT),
        env={**os.environ, "PS1": "$ "},
        timeout=20,
        encoding="utf-8",
        dimensions=(40, 100),
    )
    yield child
    child.close(force=True)


def pid_of(child: Any) -> int:
    return int(child.pid)


def is_raw(child: pexpect.spawn) -> bool:
    return not termios.tcgetattr(child.child_fd)[3] & termios.ICANON


def test_streams_and_exit_code() -> None:
    assert ran(["sh", "-c", "cat; echo no >&2; exit 7"], b"given\n") == (7, b"given\n", b"no\n")


def test_much_both_ways_at_once() -> None:
    data = os.urandom(1 << 20) * 20
    code, out, err = ran(["cat"], data)
    assert (code, len(out), err) == (0, len(data), b"")
    assert hashlib.sha256(out).digest() == hashlib.sha256(data).digest()


def test_much_on_stderr_while_nobody_reads_stdout_yet() -> None:
    process = subprocess.Popen(
        [*RELAYED, "sh", "-c", "seq 20000; seq 100000 >&2"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
    )
    out, err = process.communicate(timeout=60)
    assert (len(out.split()), len(err.split())) == (20000, 100000)


def test_no_input_at_all() -> None:
    done = subprocess.run([*RELAYED, "cat"], stdin=subprocess.DEVNULL, capture_output=True, cwd=ROOT, timeout=60)
    assert (done.returncode, done.stdout) == (0, b"")


def test_a_reader_that_goes_away_ends_it() -> None:
    process = subprocess.Popen([*RELAYED, "sh", "-c", "while :; do echo y; done"], stdout=subprocess.PIPE, cwd=ROOT)
    assert process.stdout is not None
    assert process.stdout.read(2) == b"y\n"
    process.stdout.close()
    assert process.wait(20) == 141


def test_both_readers_that_go_away_do_not_cut_its_killing_short() -> None:
    script = "trap 'sleep 0.3; touch \"$MARK\"; exit' TERM; while :; do echo y; echo n >&2; done"
    with tempfile.TemporaryDirectory() as folder:
        mark = Path(folder) / "mark"
        argv = [*RELAYED, "sh", "-c", script.replace("$MARK", str(mark))]
        process = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=ROOT)
        assert process.stdout is not None
        assert process.stdout.read(2) in (b"y\n", b"n\n"), "it runs; of two pipes either may be read first"
        process.stdout.close()
        assert process.wait(20) == 141
        assert mark.exists()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_signals_reach_the_command_and_its_last_words_are_heard(number: int, code: int) -> None:
    script = 'trap "echo bye; exit 0" INT TERM HUP; echo ready; while :; do sleep 0.05; done'
    process = subprocess.Popen([*RELAYED, "sh", "-c", script], stdout=subprocess.PIPE, stdin=subprocess.PIPE, cwd=ROOT)
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    process.send_signal(number)
    assert process.communicate(timeout=20)[0] == b"bye\n"
    assert process.returncode == code


def test_a_second_signal_waits_for_nothing() -> None:
    script = 'trap "echo no" INT; echo ready; while :; do sleep 0.05; done'
    process = subprocess.Popen([*RELAYED, "sh", "-c", script], stdout=subprocess.PIPE, stdin=subprocess.PIPE, cwd=ROOT)
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    process.send_signal(signal.SIGINT)
    assert process.stdout.readline() == b"no\n"
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 130
    process.communicate()


def test_a_program_that_is_not_there() -> None:
    with local_session(["nosuchtool"], None, "", {}, "", lambda: None) as session:
        with pytest.raises(NotFound, match="nosuchtool"):
            relay(session, stdin=None, stdout=1, stderr=2)


def test_all_that_is_printed_is_watched(tmp_path: Path) -> None:
    seen: list[bytes] = []
    with (
        (tmp_path / "out").open("wb") as out,
        local_session(["sh", "-c", "echo a; echo b >&2"], None, "", {}, "", ok) as s,
    ):
        assert relay(s, stdin=None, stdout=out.fileno(), stderr=out.fileno(), watch=seen.append) == 0
    assert sorted(b"".join(seen).split()) == [b"a", b"b"]
    assert sorted((tmp_path / "out").read_bytes().split()) == [b"a", b"b"]


def test_an_engine_that_hangs_ends_it(tmp_path: Path) -> None:
    def hung() -> None:
        raise EngineHung("it did not answer")

    with (tmp_path / "out").open("wb") as out, local_session(["sleep", "1000"], None, "", {}, "", hung) as session:
        session.quiet = 0.0
        with pytest.raises(EngineHung):
            relay(session, stdin=None, stdout=out.fileno(), stderr=out.fileno())


def test_a_kill_that_fails_is_told(tmp_path: Path) -> None:
    def fails(_number: int) -> None:
        raise EngineHung("it did not answer")

    with (tmp_path / "out").open("wb") as out, local_session(["sleep", "1000"], None, "", {}, "", ok) as session:
        session.quiet = 0.0
        session.check = lambda: signal.raise_signal(signal.SIGTERM)  # type: ignore[method-assign]
        with pytest.raises(EngineHung):
            relay(session, stdin=None, stdout=out.fileno(), stderr=out.fileno(), on_interrupt=fails)


def test_a_full_disk_is_told() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("Linux has it")
    fd = os.open("/dev/full", os.O_WRONLY)
    try:
        with local_session(["sh", "-c", "echo a"], None, "", {}, "", ok) as session:
            with pytest.raises(DfdevError, match="No space left"):
                relay(session, stdin=None, stdout=fd, stderr=fd)
    finally:
        os.close(fd)


def ok() -> None:
    """The engine is there."""


def test_a_terminal_of_the_same_size_that_follows(shell: pexpect.spawn) -> None:
    shell.expect("40 100\r\n")
    shell.expect("ready")
    shell.setwinsize(30, 90)
    shell.sendline("while [ \"$(stty size)\" != '30 90' ]; do sleep 0.02; done; echo fits")
    shell.expect(r"\nfits\r\n")


def test_keys_are_bytes_of_the_command(shell: pexpect.spawn) -> None:
    shell.expect("ready")
    shell.sendline("exec sh -c \"trap 'echo caught; exit 5' INT; echo armed; while :; do sleep 0.05; done\"")
    shell.expect(r"\narmed\r\n")
    shell.sendintr()
    shell.expect("caught\r\n")
    shell.expect(pexpect.EOF)
    shell.close()
    assert shell.exitstatus == 5


def test_the_terminal_is_as_before_after_the_end(shell: pexpect.spawn) -> None:
    shell.expect("ready")
    assert is_raw(shell)
    before_close = os.dup(shell.child_fd)
    shell.sendline("exit")
    shell.expect(pexpect.EOF)
    assert termios.tcgetattr(before_close)[3] & termios.ICANON
    os.close(before_close)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_the_terminal_is_as_before_after_a_signal(shell: pexpect.spawn, number: int, code: int) -> None:
    shell.expect("ready")
    assert is_raw(shell)
    shell.sendline("trap 'exit' TERM HUP; echo armed; while :; do sleep 0.05; done")
    shell.expect(r"\narmed\r\n")
    os.kill(pid_of(shell), number)
    soon(lambda: not is_raw(shell))
    shell.expect(pexpect.EOF)
    shell.close()
    assert shell.exitstatus == code


def test_raw_again_after_it_stood_still(shell: pexpect.spawn) -> None:
    shell.expect("ready")
    os.kill(pid_of(shell), signal.SIGSTOP)
    flags = termios.tcgetattr(shell.child_fd)
    flags[3] |= termios.ICANON | termios.ECHO
    termios.tcsetattr(shell.child_fd, termios.TCSANOW, flags)
    os.kill(pid_of(shell), signal.SIGCONT)
    soon(lambda: is_raw(shell))


def test_nothing_is_added_to_what_a_command_prints(shell: pexpect.spawn) -> None:
    shell.expect("ready")
    shell.sendline("printf 'a\\tb\\n'")
    shell.expect("a\tb\r\n")
    assert not re.search("\x1b", str(shell.before))
