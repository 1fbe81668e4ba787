"""The other side of a session in tests: a loop around `select`, as its users have one."""

from __future__ import annotations

import select
import time
from collections.abc import Callable

from dfdev.engine.protocol import Session


class Heard:
    """What came so far."""

    def __init__(self) -> None:
        self.out = b""
        self.err = b""

    def text(self) -> str:
        return self.out.decode("utf-8", "replace")


def until_ended(session: Session, heard: Heard | None = None) -> Heard:
    return until(session, lambda _: session.ended, heard)


def until(session: Session, enough: Callable[[Heard], bool], heard: Heard | None = None, seconds: float = 30) -> Heard:
    """Send what waits and take what comes, until it is enough or the command has ended."""
    heard = heard or Heard()
    end = time.monotonic() + seconds
    while not enough(heard) and not session.ended:
        assert time.monotonic() < end, f"not within {seconds} s; heard {heard.out[-300:]!r} {heard.err[-300:]!r}"
        writers = [session] if session.unsent else []
        wait = 0.0 if session.pending() else min(session.quiet_left(), 1.0)
        readable, writable, _ = select.select([session], writers, [], wait)
        if writable:
            session.flush()
        if not readable and not writable and not session.quiet_left():
            session.check()
        for stream, data in session.receive():
            if stream == "stdout":
                heard.out += data
            else:
                heard.err += data
    return heard
