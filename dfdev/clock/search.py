"""Looking for a machine while its clock is watched: a provider's command takes seconds, and a wake would be missed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Generic, TypeVar

from dfdev.errors import DfdevError

T = TypeVar("T")
Run = Callable[[Callable[[], None]], None]

_OFTEN, _SOMETIMES, _SELDOM = 2.0, 5.0, 15.0


def pause(gone: float) -> float:
    """Seconds between two looks for a machine that has been gone for so many."""
    if gone < 60:
        return _OFTEN
    return _SOMETIMES if gone < 600 else _SELDOM


class Search(Generic[T]):
    """`find` is called in a thread of its own, one at a time; an error of ours that it raises finds nothing."""

    def __init__(self, find: Callable[[], T], run: Run | None = None) -> None:
        self._find = find
        self._run = run or self._in_thread
        self._thread: threading.Thread | None = None
        self._results: list[T] = []

    def begin(self) -> None:
        """Nothing where one goes on already."""
        if self._thread is None or not self._thread.is_alive():
            self._run(self._look)

    def take(self) -> T | None:
        """What was found since the last time."""
        return self._results.pop() if self._results else None

    def end(self) -> None:
        """A command that goes on has its own deadline, and is not left behind."""
        if self._thread is not None:
            self._thread.join()

    def _look(self) -> None:
        with suppress(DfdevError):
            found = self._find()
            self._results.append(found)

    def _in_thread(self, work: Callable[[], None]) -> None:
        self._thread = threading.Thread(target=work, daemon=True)
        self._thread.start()
