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
    """Between two pieces of an answer that may go on for as long as it likes.

    `alive` is asked after a silence and raises when the engine itself is gone; without it a silence is the end.
    """

    def __init__(self, seconds: float, alive: Callable[[], object] | None = None) -> None:
        self.seconds = seconds
        self._alive = alive

    def left(self) -> float:
        return self.seconds

    def late(self) -> None:
        if self._alive is None:
            raise TimeoutError
        self._alive()
