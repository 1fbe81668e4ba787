"""How long a call may take. `left()` is asked before each wait on the socket, `late()` after an idle one."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol


class Patience(Protocol):
    seconds: float
    """What an error message names."""

    def left(self) -> float:
        """Seconds for the next wait. TimeoutError when there are none."""

    def late(self) -> None:
        """Return to go on waiting, or raise TimeoutError."""


class Total:
    """For the whole call, however slowly its bytes drip."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def late(self) -> None:
        raise TimeoutError


class Idle:
    """Between two pieces of an answer that may take as long as it likes, or `limit` seconds in all.

    `alive` is asked after a silence and raises when the engine itself is gone; without it a silence is the end.
    """

    def __init__(self, seconds: float, alive: Callable[[], object] | None = None, limit: float | None = None) -> None:
        self.seconds = seconds if limit is None else limit
        self._silence = seconds
        self._alive = alive
        self._whole = None if limit is None else Total(limit)

    def left(self) -> float:
        return self._silence if self._whole is None else min(self._silence, self._whole.left())

    def late(self) -> None:
        if self._alive is None:
            raise TimeoutError
        self._alive()
