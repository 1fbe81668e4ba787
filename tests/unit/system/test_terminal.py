"""A real terminal: a pty, with a process at its other end."""

import os
import pty
import signal
import termios
from collections.abc import Iterator

import pytest

from dfdev.system.signals import Signals
from dfdev.system.terminal import Terminal, terminal_of


@pytest.fixture
def side() -> Iterator[int]:
    """The end that a program has; the other one is open."""
    main, side = pty.openpty()
    yield side
    os.close(side)
    os.close(main)


def test_raw_inside_and_as_before_after(side: int) -> None:
    before = termios.tcgetattr(side)
    with Terminal(side).raw():
        flags = termios.tcgetattr(side)[3]
        assert not flags & (termios.ECHO | termios.ICANON | termios.ISIG)
    assert termios.tcgetattr(side) == before


def test_as_before_after_an_error(side: int) -> None:
    before = termios.tcgetattr(side)
    with pytest.raises(RuntimeError), Terminal(side).raw():
        raise RuntimeError
    assert termios.tcgetattr(side) == before


def test_what_a_shell_set_meanwhile_is_raw_again(side: int) -> None:
    before = termios.tcgetattr(side)
    with Terminal(side).raw():
        termios.tcsetattr(side, termios.TCSANOW, before)
        Terminal(side).make_raw()
        assert not termios.tcgetattr(side)[3] & termios.ECHO


def test_a_terminal_that_went_away_is_no_error() -> None:
    main, side = pty.openpty()
    with Terminal(side).raw():
        os.close(main)
    os.close(side)


def test_size(side: int) -> None:
    assert Terminal(side).size() == (80, 24), "a new pty does not know"
    termios.tcsetwinsize(side, (50, 132))
    assert Terminal(side).size() == (132, 50)


def test_what_is_a_terminal(side: int) -> None:
    reader, writer = os.pipe()
    try:
        assert terminal_of(side, side) is not None
        assert terminal_of(side, writer) is None
        assert terminal_of(reader, side) is None
        assert Terminal(reader).size() == (80, 24)
    finally:
        os.close(reader)
        os.close(writer)
    assert terminal_of(reader, writer) is None, "closed"


def test_a_signal_is_a_value() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with Signals(signal.SIGTERM, signal.SIGHUP) as signals:
        assert signals.take() == []
        signal.raise_signal(signal.SIGTERM)
        signal.raise_signal(signal.SIGHUP)
        assert signals.take() == [signal.SIGTERM, signal.SIGHUP]
        assert signals.take() == []
    assert signal.getsignal(signal.SIGTERM) == before


def test_what_was_ignored_stays_ignored() -> None:
    """`nohup dfdev …`"""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with Signals(signal.SIGHUP) as signals:
            signal.raise_signal(signal.SIGHUP)
            assert signals.take() == []
        assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)
