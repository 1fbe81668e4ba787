"""A signal on its way to the command: its killing goes on beside the relay, so that its last words are heard."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable

_LAST_WORDS = 1.0
"""Seconds for the stream to end once the command was killed: something else may hold it open."""


class Ending:
    """Nothing happens until `begin`."""

    def __init__(self, kill: Callable[[int], None] | None) -> None:
        self._kill = kill
        self._thread: threading.Thread | None = None
        self._error: Exception | None = None
        self._killed_at = 0.0
        self._twice = False
        self.signal = 0

    @property
    def under_way(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    @property
    def over(self) -> bool:
        """Nothing is waited for any more. A second signal means: at once. (Of two outputs two readers go away.)"""
        if not self.signal:
            return False
        return self._twice or self._error is not None or not self.left(1.0)

    def begin(self, number: int) -> None:
        if self.signal:
            self._twice = self._twice or number != signal.SIGPIPE
            return
        self.signal = number
        if self._kill is None:
            return
        self._thread = threading.Thread(target=self._work, args=(self._kill,), daemon=True)
        self._thread.start()

    def left(self, otherwise: float) -> float:
        """Seconds to wait for the stream to end."""
        if not self.signal:
            return otherwise
        if self.under_way:
            return min(otherwise, 0.05)
        return max(0.0, self._killed_at + _LAST_WORDS - time.monotonic())

    def exit_code(self) -> int:
        if self._error is not None:
            raise self._error
        return 128 + self.signal

    def _work(self, kill: Callable[[int], None]) -> None:
        try:
            kill(self.signal)
        except Exception as error:
            self._error = error
        self._killed_at = time.monotonic()
