"""Many waiters, one look: a listing of the engine that is at most a blink old."""

from __future__ import annotations

import threading
import time

from dfdev.core.observed import Container
from dfdev.engine.protocol import Reader


class Watch:
    """`fresh`: seconds for which a listing serves everybody who asks."""

    def __init__(self, engine: Reader, fresh: float) -> None:
        self._engine = engine
        self._fresh = fresh
        self._lock = threading.Lock()
        self._taken = 0.0
        self._found: dict[str, Container] = {}

    def container(self, id: str, since: float) -> Container | None:
        """The container as of a moment ago, not before `since` (monotonic), `None` when it is gone."""
        with self._lock:
            now = time.monotonic()
            if self._taken < max(since, now - self._fresh):
                self._found = {c.id: c for c in self._engine.containers()}
                self._taken = now
            return self._found.get(id)
