"""Events as lines on stderr: for logs, pipes, CI."""

from __future__ import annotations

import threading
import time
from contextlib import AbstractContextManager, nullcontext
from types import TracebackType

from dfdev.core.events import Began, Ended, Event, Failed, Notice, Planned, Progress
from dfdev.ui.out import Out

_SILENCE = 1.0
"""Seconds after which a step that goes on says what it waits for."""
_REPEAT = 5.0
"""Seconds between two words about one step; the same word again only every sixth time."""


class PlainReporter:
    def __init__(self, out: Out) -> None:
        self._out = out
        self._lock = threading.Lock()
        self._next_word: dict[str, float] = {}
        self._last_word: dict[str, str] = {}

    def __enter__(self) -> PlainReporter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def asking(self) -> AbstractContextManager[None]:
        return nullcontext()

    def emit(self, event: Event) -> None:
        with self._lock:
            line = self._line(event)
        if line:
            self._out.say(line)

    def _line(self, event: Event) -> str:
        match event:
            case Began(key, reason):
                self._next_word[key] = time.monotonic() + _SILENCE
                return f"  {key} … ({reason})" if self._out.verbose else ""
            case Progress(key, text):
                return self._progress(key, text)
            case Ended(key, seconds):
                return f"  {key}  {seconds:.1f} s"
            case Failed(key, message):
                return f"  {key}  {self._out.paint_err('failed', 'red')}: {message}"
            case Notice(text, warning):
                return f"{self._out.paint_err('warning:', 'yellow')} {text}" if warning else text
            case Planned():
                return ""

    def _progress(self, key: str, text: str) -> str:
        now = time.monotonic()
        again = self._last_word.get(key) == text
        if now < self._next_word.get(key, 0.0) + (5 * _REPEAT if again else 0.0):
            return ""
        self._next_word[key] = now + _REPEAT
        self._last_word[key] = text
        return f"  {key} … {text}"
