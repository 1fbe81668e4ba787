"""A container that ends with this process, however that ends."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from dfdev.engine.protocol import Engine
from dfdev.errors import EngineError

HELD = "/tmp/dfdev-held"
"""There once the container is held: what it was made for waits for that."""
_HOLD = f"touch {HELD}; cat >/dev/null; kill -9 -1"
"""Its input ends when this process does; then everything in the container does."""


@contextmanager
def lifeline(engine: Engine, container: str) -> Iterator[None]:
    """While inside, the container lives no longer than this process."""
    done = threading.Event()

    def held() -> Iterator[bytes]:
        while not done.wait(0.0):
            yield b"\n"
            done.wait(1.0)

    def hold() -> None:
        with suppress(EngineError):
            engine.pipe(container, ["sh", "-c", _HOLD], feed=held(), user="0")

    threading.Thread(target=hold, daemon=True).start()
    try:
        yield
    finally:
        done.set()
