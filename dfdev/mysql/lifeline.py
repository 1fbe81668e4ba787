"""What happens in a container when this process ends, however that ends."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from dfdev.engine.protocol import Engine
from dfdev.errors import EngineError

HELD = "/tmp/dfdev-held"
"""There once the container is held: what it was made for waits for that."""
_HOLD = f"touch {HELD}; cat >/dev/null; kill -9 -1"
"""Its input ends when this process does; then everything in the container does."""
_THEN = 'cat >/dev/null; exec "$@"'
_PATIENCE = 60.0


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


@contextmanager
def afterwards(engine: Engine, container: str, argv: Sequence[str]) -> Iterator[None]:
    """This command runs in the container when what is inside has ended, or this process has died: it waits there from
    the beginning. Whether it went well, nobody asks.
    """
    there, done = threading.Event(), threading.Event()

    def held() -> Iterator[bytes]:
        there.set()
        while not done.wait(0.0):
            yield b"\n"
            done.wait(1.0)

    def hold() -> None:
        with suppress(EngineError):
            engine.pipe(container, ["sh", "-c", _THEN, "sh", *argv], feed=held())
        there.set()

    thread = threading.Thread(target=hold, daemon=True)
    thread.start()
    there.wait(_PATIENCE)
    try:
        yield
    finally:
        done.set()
        thread.join(_PATIENCE)
