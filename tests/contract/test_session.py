"""A command that is talked with: with and without a terminal, to its end, whatever happens to it or to the engine."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dfdev.errors import Conflict, EngineAbsent, EngineError, EngineHung, NotFound
from tests import machine
from tests.contract.forward import forwarded
from tests.contract.rig import Rig, connected, provided, soon
from tests.contract.talk import until, until_ended

MEGABYTE = bytes(range(256)) * 4096
SIZE = "size() { stty size 2>/dev/null || busybox stty size; }; "


def test_binary_input_comes_back_whole(rig: Rig) -> None:
    with rig.engine.session(rig.run(), ["cat"]) as session:
        session.send(MEGABYTE * 5)
        session.close_input()
        heard = until_ended(session)
        assert session.exit_code() == 0
    assert hashlib.sha256(heard.out).digest() == hashlib.sha256(MEGABYTE * 5).digest()
    assert heard.err == b""


def test_an_answer_to_each_line(rig: Rig) -> None:
    script = ["sh", "-c", 'while read -r line; do echo "got $line"; done; echo end']
    with rig.engine.session(rig.run(), script) as session:
        session.send(b"one\n")
        heard = until(session, lambda heard: b"got one\n" in heard.out)
        session.send(b"two\n")
        until(session, lambda heard: b"got two\n" in heard.out, heard)
        session.close_input()
        assert until_ended(session, heard).out == b"got one\ngot two\nend\n"


def test_streams_are_told_apart_and_the_exit_code_kept(rig: Rig) -> None:
    with rig.engine.session(rig.run(), ["sh", "-c", "echo out; echo err >&2; exit 3"]) as session:
        heard = until_ended(session)
        assert (heard.out, heard.err, session.exit_code()) == (b"out\n", b"err\n", 3)


def test_nothing_waits_for_a_command_that_is_silent(rig: Rig) -> None:
    with rig.engine.session(rig.run(), ["sh", "-c", "read line; echo $line"]) as session:
        assert session.receive() == []
        assert not session.ended
        session.send(b"go\n")
        assert until_ended(session).out == b"go\n"
        assert session.receive() == []


def test_folder_and_environment(rig: Rig) -> None:
    script = ["sh", "-c", 'pwd; echo "$WORD"']
    with rig.engine.session(rig.run(), script, cwd="/tmp", env={"WORD": "a b=c"}) as session:
        assert until_ended(session).out == b"/tmp\na b=c\n"


def test_as_another_user(rig: Rig) -> None:
    with rig.engine.session(rig.run(), ["id", "-u"], user="1234") as session:
        assert until_ended(session).out == b"1234\n"


def test_a_terminal_of_the_given_size(rig: Rig) -> None:
    """From the start, but for engines before API 1.42: there it comes a moment later."""
    wait = "until case $(size) in [1-9]*) ;; *) false;; esac; do sleep 0.02; done; " if rig.kind == "20.10" else ""
    script = ["sh", "-c", f"{SIZE} [ -t 0 ] && [ -t 1 ] && {{ {wait} size; }}"]
    with rig.engine.session(rig.run(), script, tty=(111, 33)) as session:
        assert until_ended(session).text() == "33 111\r\n"


def test_a_terminal_that_changes_its_size(rig: Rig) -> None:
    script = SIZE + "trap size WINCH; size; while [ ! -e /tmp/never ]; do sleep 0.1; done"
    with rig.engine.session(rig.run(), ["sh", "-c", script], tty=(80, 24)) as session:
        heard = until(session, lambda heard: b"24 80" in heard.out)
        session.resize(120, 50)
        until(session, lambda heard: b"50 120" in heard.out, heard)
        session.send(b"\x03")
        until_ended(session, heard)
        assert session.exit_code() == 130


def test_a_terminal_echoes_and_its_input_ends_by_a_byte(rig: Rig) -> None:
    with rig.engine.session(rig.run(), ["cat"], tty=(80, 24)) as session:
        session.send(b"hello\n\x04")
        assert until_ended(session).text() == "hello\r\nhello\r\n"
        assert session.exit_code() == 0


def test_resizing_what_has_ended_is_no_error(rig: Rig) -> None:
    with rig.engine.session(rig.run(), ["true"], tty=(80, 24)) as session:
        until_ended(session)
        session.resize(100, 30)
        session.send(b"too late")
        session.close_input()


def test_a_command_that_takes_no_input(rig: Rig) -> None:
    with rig.engine.session(rig.run(), ["sh", "-c", "exec <&-; echo enough; exit 4"]) as session:
        session.send(MEGABYTE * 5)
        assert until_ended(session).out == b"enough\n"
        assert session.exit_code() == 4


@pytest.mark.parametrize("tty", [None, (80, 24)])
def test_a_program_that_is_not_there(rig: Rig, tty: tuple[int, int] | None) -> None:
    with rig.engine.session(rig.run(), ["nosuchtool", "-x"], tty=tty) as session:
        heard = until_ended(session)
        assert heard.out + heard.err == b""
        with pytest.raises(NotFound, match="no program nosuchtool"):
            session.exit_code()


def test_a_folder_that_is_not_there(rig: Rig) -> None:
    with rig.engine.session(rig.run(), ["true"], cwd="/no such/folder") as session:
        until_ended(session)
        with pytest.raises(NotFound, match="no folder /no such/folder"):
            session.exit_code()


def test_a_user_that_is_not_there(real: Rig) -> None:
    with (
        pytest.raises(EngineError, match="nosuchuser"),
        real.engine.session(real.run(), ["true"], user="nosuchuser") as s,
    ):
        until_ended(s)
        s.exit_code()


def test_a_command_of_the_shell_that_is_not_there_is_its_own_business(rig: Rig) -> None:
    with rig.engine.session(rig.run(), ["sh", "-c", "exec nosuchtool"]) as session:
        heard = until_ended(session)
        assert b"nosuchtool" in heard.err
        assert session.exit_code() == 127


def test_a_container_that_does_not_run(rig: Rig) -> None:
    with pytest.raises(Conflict), rig.engine.session(rig.create(), ["true"]):
        pass
    with pytest.raises(NotFound), rig.engine.session("nosuchcontainer", ["true"]):
        pass


def test_a_container_that_is_removed_meanwhile(real: Rig) -> None:
    id = real.run()
    with real.engine.session(id, ["sh", "-c", "echo begun; sleep 1000000"]) as session:
        heard = until(session, lambda heard: heard.out == b"begun\n")
        real.engine.remove(id)
        until_ended(session, heard)
        with pytest.raises(NotFound):
            session.exit_code()


def test_what_the_caller_raises_goes_through_as_it_is(real: Rig) -> None:
    with pytest.raises(BrokenPipeError), real.engine.session(real.run(), ["cat"]):
        raise BrokenPipeError


def test_over_tcp(any_engine: machine.Engine, real: Rig) -> None:
    if any_engine.version != real.kind:
        return
    with forwarded(any_engine.host.removeprefix("unix://")) as port:
        engine = connected(f"tcp://127.0.0.1:{port}")
        with engine.session(real.run(), ["cat"]) as session:
            session.send(MEGABYTE)
            session.close_input()
            assert until_ended(session).out == MEGABYTE
        engine.close()


@pytest.fixture(scope="module")
def own(busybox_tar: Path) -> Iterator[machine.Engine]:
    """An engine that nobody else uses: it is paused and killed here."""
    engine = machine.start("28", name="contract-session")
    with_image = connected(engine.host)
    provided(with_image, busybox_tar)
    with_image.close()
    yield engine
    engine.destroy()


@pytest.fixture
def talker(own: machine.Engine, tmp_path: Path) -> Iterator[tuple[Rig, str]]:
    engine = connected(own.host, timeout=0.5)
    rig = Rig(engine, "28", f"session-{time.monotonic_ns()}", tmp_path, [])
    yield rig, rig.run()
    rig.clean()
    engine.close()


@pytest.mark.engine
def test_an_engine_that_hangs_is_named(own: machine.Engine, talker: tuple[Rig, str]) -> None:
    rig, id = talker
    with rig.engine.session(id, ["cat"], tty=(80, 24)) as session:
        session.send(b"there")
        heard = until(session, lambda heard: heard.out == b"there")
        own.pause()
        try:
            began = time.monotonic()
            with pytest.raises(EngineHung, match="did not answer"):
                until(session, lambda heard: heard.out != b"there", heard)
            assert time.monotonic() - began < 5
        finally:
            own.resume()


@pytest.mark.engine
def test_silence_is_no_fault(own: machine.Engine, talker: tuple[Rig, str]) -> None:
    rig, id = talker
    with rig.engine.session(id, ["sh", "-c", "sleep 2; echo late"]) as session:
        assert until_ended(session).out == b"late\n"


@pytest.mark.engine
def test_an_engine_that_is_killed(own: machine.Engine, talker: tuple[Rig, str]) -> None:
    rig, id = talker
    try:
        with pytest.raises(EngineAbsent), rig.engine.session(id, ["sh", "-c", "echo begun; exec cat"]) as session:
            heard = until(session, lambda heard: heard.out == b"begun\n")
            own.kill()
            soon(lambda: until(session, lambda _: True, heard) and session.receive() is not None)
            until_ended(session, heard)
            session.exit_code()
    finally:
        own.restart()
