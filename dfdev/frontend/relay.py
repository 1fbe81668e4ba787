"""A command in a container as if it ran here: what is typed goes to it, what it says is printed, signals reach it."""

from __future__ import annotations

import errno
import os
import select
import signal
from collections.abc import Callable
from contextlib import ExitStack
from typing import Protocol

from dfdev.engine.protocol import Session
from dfdev.frontend.ending import Ending
from dfdev.frontend.outlet import Outlet
from dfdev.system.signals import Signals
from dfdev.system.terminal import Terminal

OnInterrupt = Callable[[int], None]
"""Gets SIGINT, SIGTERM, SIGHUP, or SIGPIPE when nobody reads the output any more. It may take its time."""
_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_PIECE = 1 << 16
_ENOUGH = 1 << 18
"""Bytes that may wait on either way."""
_LOOK_AGAIN = 1.0


class _HasFileno(Protocol):
    def fileno(self) -> int: ...


def relay(
    session: Session,
    *,
    stdin: int | None,
    stdout: int,
    stderr: int,
    terminal: Terminal | None = None,
    on_interrupt: OnInterrupt | None = None,
    watch: Callable[[bytes], None] | None = None,
) -> int:
    """The command's exit code; 128 + n when signal n ended this, 141 when the output's reader went away.

    `stdin`, `stdout`, `stderr`: file descriptors; `terminal`: the session has one, and this is the caller's.
    `watch` sees everything that is printed. EngineError: as the session raises it, and what `on_interrupt` raises.
    """
    with ExitStack() as stack:
        extra = (signal.SIGWINCH, signal.SIGCONT) if terminal else ()
        signals = stack.enter_context(Signals(*_ENDING, *extra))
        if terminal is not None:
            stack.enter_context(terminal.raw())
        run = _Relay(session, stdin, (Outlet(stdout), Outlet(stderr)), terminal, signals, Ending(on_interrupt), watch)
        return run.to_the_end()


class _Relay:
    def __init__(
        self,
        session: Session,
        stdin: int | None,
        outlets: tuple[Outlet, Outlet],
        terminal: Terminal | None,
        signals: Signals,
        ending: Ending,
        watch: Callable[[bytes], None] | None,
    ) -> None:
        self._session = session
        self._stdin = stdin
        self._outlets = outlets
        self._terminal = terminal
        self._front = terminal or (Terminal(stdin) if stdin is not None and os.isatty(stdin) else None)
        self._signals = signals
        self._ending = ending
        self._watch = watch
        self._size = terminal.size() if terminal else None
        if stdin is None:
            session.close_input()

    def to_the_end(self) -> int:
        while not self._done():
            self._turn()
        if self._ending.signal:
            return self._ending.exit_code()
        return self._session.exit_code()

    def _done(self) -> bool:
        if self._ending.over:
            return True
        said_all = self._session.ended and not any(outlet.waiting for outlet in self._outlets)
        return said_all and not self._ending.under_way

    def _turn(self) -> None:
        readers, wait = self._readers()
        writers: list[_HasFileno] = [outlet for outlet in self._outlets if outlet.waiting]
        if self._session.unsent and not self._session.ended:
            writers.append(self._session)
        ready, free, _ = select.select(readers, writers, [], wait)
        if self._signals in ready:
            for number in self._signals.take():
                self._signalled(number)
        self._write(free)
        if self._stdin in ready:
            self._read()
        if self._session in ready or self._session.pending():
            self._hear()
        elif not self._session.ended and not self._session.quiet_left():
            self._session.check()

    def _readers(self) -> tuple[list[_HasFileno | int], float]:
        """What to read from, and how long to wait for it."""
        readers: list[_HasFileno | int] = [self._signals]
        wait = self._ending.left(_LOOK_AGAIN * 60)
        if not self._session.ended and max(outlet.waiting for outlet in self._outlets) < _ENOUGH:
            readers.append(self._session)
            wait = min(wait, 0.0 if self._session.pending() else self._session.quiet_left())
        if self._stdin is not None and not self._session.ended and self._session.unsent < _ENOUGH:
            if self._front is None or self._front.in_front():
                readers.append(self._stdin)
            else:
                wait = min(wait, _LOOK_AGAIN)
        return readers, wait

    def _hear(self) -> None:
        for stream, data in self._session.receive():
            self._outlets[stream == "stderr"].add(data)
            if self._watch is not None:
                self._watch(data)

    def _write(self, free: list[_HasFileno]) -> None:
        for outlet in self._outlets:
            if outlet in free:
                try:
                    outlet.write()
                except BrokenPipeError:
                    self._ending.begin(signal.SIGPIPE)
        if self._session in free:
            self._session.flush()

    def _read(self) -> None:
        assert self._stdin is not None
        try:
            data = os.read(self._stdin, _PIECE)
        except BlockingIOError:
            return
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            data = b""
        if data:
            self._session.send(data)
            return
        self._stdin = None
        if self._terminal is None:
            self._session.close_input()
        else:
            self._ending.begin(signal.SIGHUP)

    def _signalled(self, number: int) -> None:
        if number in _ENDING:
            self._ending.begin(number)
            return
        assert self._terminal is not None
        if number == signal.SIGCONT:
            self._terminal.make_raw()
        size = self._terminal.size()
        if size != self._size and not self._session.ended:
            self._session.resize(*size)
        self._size = size
