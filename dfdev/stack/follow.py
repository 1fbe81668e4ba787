"""`dfdev logs -f`: the lines of a service, whatever becomes of its containers and of the engine's machine meanwhile."""

from __future__ import annotations

import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from dfdev.core.clock import SECOND, stamp_of
from dfdev.core.frozen import dataclass
from dfdev.core.observed import Container
from dfdev.core.ours import by_service
from dfdev.engine.protocol import LogLine
from dfdev.errors import EngineAbsent, EngineHung, NotFound
from dfdev.stack.logs import Line

_LOOK, _AGAIN = 1.0, 0.2
"""Seconds between two looks for a container, and from the end of a log to the first."""
_RECENT, _BEFORE = 1000, 2000
"""Lines that are known again, and nanoseconds of them that an engine is asked for once more."""

Pause = Callable[[float], None]


class Logs(Protocol):
    """As much of an engine as this needs."""

    def containers(self) -> list[Container]: ...

    def container(self, id: str) -> Container: ...

    def logs(
        self, id: str, *, follow: bool = False, since: float = 0.0, tail: int | None = None
    ) -> Iterator[LogLine]: ...


@dataclass(frozen=True)
class Word:
    """What became of a service whose log is followed, in a sentence without the name."""

    service: str
    text: str


@dataclass(frozen=True)
class Want:
    """Which of a service's old lines are wanted: `since`, a Unix time in seconds, and the last `tail` of them."""

    workspace: str
    since: float
    tail: int | None


def followed(engine: Logs, services: Sequence[str], want: Want, pause: Pause = time.sleep) -> Iterator[Line | Word]:
    """Of several services, as they come. Without an end: Ctrl-C is one."""
    told: queue.SimpleQueue[Line | Word | Exception] = queue.SimpleQueue()

    def pump(service: str) -> None:
        try:
            for item in lines_of(engine, service, want, pause):
                told.put(item)
        except Exception as error:
            told.put(error)

    for service in services:
        threading.Thread(target=pump, args=(service,), daemon=True).start()
    while services:
        item = told.get()
        if isinstance(item, Exception):
            raise item
        yield item


def lines_of(engine: Logs, service: str, want: Want, pause: Pause) -> Iterator[Line | Word]:
    """Each line of the service once: through restarts, a new container, and an engine that is silent for a while.

    `pause` waits so many seconds. EngineError but for an engine that does not answer, which is waited for.
    """
    reader = _Reader(engine, service, want)
    while True:
        try:
            yield from reader.once()
        except NotFound:
            pass  # it was removed between two calls: the next look tells
        except (EngineHung, EngineAbsent) as error:
            yield from reader.silent(error)
        pause(_AGAIN if reader.reading else _LOOK)


class _Reader:
    """`reading`: a container of the service lives, as far as we know."""

    def __init__(self, engine: Logs, service: str, want: Want) -> None:
        self._engine = engine
        self._service = service
        self._want = want
        self._id = ""
        self._told = ""
        self._last = ""
        """The newest stamp so far."""
        self._recent: deque[LogLine] = deque(maxlen=_RECENT)
        self.reading = True

    def once(self) -> Iterator[Line | Word]:
        """To the end of a log, or a look that finds nothing to read."""
        found = by_service(self._want.workspace, self._engine.containers()).get(self._service)
        if found is None or (not found.running and found.id == self._id):
            self.reading = False
            yield from self._say(self._ended(found))
            return
        yield from self._say(self._begins(found))
        self.reading = found.running
        for line in self._log(found.id):
            self._told = ""
            self._last = line.time
            self._recent.append(line)
            yield Line(self._service, line)

    def silent(self, error: EngineHung | EngineAbsent) -> Iterator[Word]:
        self.reading = False
        yield from self._say(f"{error.message}: waiting for it")

    def _say(self, text: str) -> Iterator[Word]:
        """Once, however often it is looked at."""
        if text and text != self._told:
            yield Word(self._service, text)
        self._told = text or self._told

    def _ended(self, found: Container | None) -> str:
        if found is None:
            return "has no container: waiting for one" if self._id else "was never started: waiting for it"
        code = self._engine.container(found.id).exit_code
        how = "" if code is None else f" (exit code {code})"
        return f"has ended{how}: waiting for it to run again"

    def _begins(self, found: Container) -> str:
        """What is said before the lines that follow; "" of the first container."""
        if not self._id:
            return ""
        return "goes on" if found.id == self._id else "was made anew"

    def _log(self, id: str) -> Iterator[LogLine]:
        """Of the same container only what comes after the line that was read last."""
        if id == self._id and self._last:
            known = frozenset(self._recent)
            again = self._engine.logs(id, follow=True, since=_shortly_before(self._last))
            return (line for line in again if line not in known)
        first = not self._id
        self._id, self._last = id, ""
        if first:
            return self._engine.logs(id, follow=True, since=self._want.since, tail=self._want.tail)
        return self._engine.logs(id, follow=True)


def _shortly_before(stamp: str) -> float:
    """Unix time in seconds, of which a float has no nanoseconds: a few lines come once more."""
    nanoseconds = stamp_of(stamp)
    return 0.0 if nanoseconds is None else (nanoseconds - _BEFORE) / SECOND
