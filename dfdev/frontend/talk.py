"""What a tool in a terminal of ours says, as pexpect has it, passed on to a caller who has none."""

from __future__ import annotations

import select
import signal
import time
from collections.abc import Callable
from typing import Any

import pexpect
from pexpect.spawnbase import SpawnBase

from dfdev.engine.protocol import Session
from dfdev.frontend.outlet import Outlet
from dfdev.frontend.screen import Cleaned
from dfdev.system.signals import Signals

_TAIL = 1 << 14


class Interrupted(Exception):
    """A signal came, or SIGPIPE: nobody reads any more."""

    def __init__(self, number: int) -> None:
        self.number = number


class _Child(SpawnBase):
    """The session as pexpect has its children."""

    def __init__(self, session: Session, signals: Signals) -> None:
        super().__init__(timeout=None, encoding="utf-8", codec_errors="replace")  # type: ignore[no-untyped-call]
        self._session = session
        self._signals = signals

    def read_nonblocking(self, size: int = 1, timeout: float | None = None) -> str:
        """What comes within `timeout` seconds, else pexpect.TIMEOUT; pexpect.EOF at the end."""
        end = time.monotonic() + (timeout or 0.0)
        while not self._session.ended:
            self._wait(max(0.0, end - time.monotonic()))
            came = b"".join(data for _, data in self._session.receive())
            if came:
                return str(self._decoder.decode(came, final=False))
            if time.monotonic() >= end and not self._session.ended:
                raise pexpect.TIMEOUT("silence")
        raise pexpect.EOF("the command has ended")

    def send(self, text: str) -> int:
        self._session.send(text.encode())
        return len(text)

    def _wait(self, seconds: float) -> None:
        seconds = 0.0 if self._session.pending() else min(seconds, self._session.quiet_left())
        writers = [self._session] if self._session.unsent else []
        readers: list[Any] = [self._session, self._signals]
        ready, free, _ = select.select(readers, writers, [], seconds)
        for number in self._signals.take() if self._signals in ready else []:
            raise Interrupted(number)
        if free:
            self._session.flush()
        if not ready and not self._session.quiet_left():
            self._session.check()


class Talk:
    """What the tool says, passed on as it comes; `tail`: its end, since the last answer and the one before."""

    def __init__(self, session: Session, signals: Signals, stdout: int, watch: Callable[[bytes], None] | None) -> None:
        self._child = _Child(session, signals)
        self._signals = signals
        self._outlet = Outlet(stdout)
        self._watch = watch
        self._cleaned = Cleaned()
        self._end: float | None = None
        self.tail = ""

    def listen(self, seconds: float) -> bool:
        """Whether something came within that time. pexpect.EOF."""
        try:
            text = str(self._child.read_nonblocking(timeout=seconds))
        except pexpect.TIMEOUT:
            return False
        self.tail = (self.tail + text)[-_TAIL:]
        self._print(self._cleaned.more(text))
        return True

    def say(self, text: str) -> None:
        """The terminal's Enter is \\r, which the container's terminal makes a newline of where that is wanted."""
        self._child.send(f"{text}\r")

    def last_words(self) -> None:
        """Of a command that was killed, for a moment."""
        self._end = time.monotonic() + 1.0
        try:
            while (left := self._end - time.monotonic()) > 0:
                self.listen(left)
        except (pexpect.EOF, Interrupted):
            return

    def rest(self) -> None:
        self._print(self._cleaned.rest())

    def _print(self, text: str) -> None:
        data = text.encode()
        self._outlet.add(data)
        if self._watch is not None and data:
            self._watch(data)
        while self._outlet.waiting:
            left = None if self._end is None else max(0.0, self._end - time.monotonic())
            ready, free, _ = select.select([self._signals], [self._outlet], [], left)
            if not ready and not free:
                return
            for number in self._signals.take() if ready else []:
                raise Interrupted(number)
            self._write(bool(free))

    def _write(self, free: bool) -> None:
        try:
            if free:
                self._outlet.write()
        except BrokenPipeError:
            raise Interrupted(signal.SIGPIPE) from None
