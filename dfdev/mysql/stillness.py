"""The server stands still while its files are copied, and not a moment longer than this process lives.

The engine's own pause lasts until the copy is made, whoever has died meanwhile: half a minute for five gigabytes, and
all that time whoever is connected hangs. A command in the container holds it instead, and its input ends with us.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from dfdev.engine.protocol import Engine
from dfdev.errors import DfdevError
from dfdev.resources import templates_dir

_EVERY = 1.0
_END = 30.0
_NOT_FROM_WITHIN = 3
_BEST_SHELL = 'if command -v bash >/dev/null; then exec bash -c "$0" still "$@"; else exec sh -c "$0" still "$@"; fi'
"""Only some shells can notice that words stop coming without an end."""


@contextmanager
def stillness(engine: Engine, container: str, own: str = "") -> Iterator[bool]:
    """False: it stands still. True: it cannot be stopped from within, and the engine is to pause it. `own`: a file
    in it that is empty meanwhile.

    DfdevError, also at the end: it has gone on too early, so what was copied meanwhile is of no use.
    """
    hold = _Hold(engine, container, own)
    with hold:
        code = engine.pipe(container, hold.argv("stop"), user="0").exit_code
        if code not in (0, _NOT_FROM_WITHIN):
            raise DfdevError("the database does not stand still", "try it again; `dfdev mysql status` shows how it is")
        yield code == _NOT_FROM_WITHIN
    if not hold.held:
        raise DfdevError("the database went on before it was copied: nothing was kept", "take the snapshot again")


class _Hold:
    """Inside, a command in the container waits for our end; `held`: it did until we left."""

    def __init__(self, engine: Engine, container: str, own: str) -> None:
        self.held = False
        self._engine = engine
        self._container = container
        self._own = own
        self._flag = f"/dev/shm/dfdev-still-{os.urandom(6).hex()}"
        self._there, self._done = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._hold, daemon=True)

    def argv(self, what: str) -> list[str]:
        script = (templates_dir() / "mysql" / "still.sh").read_text()
        return ["sh", "-c", _BEST_SHELL, script, what, self._flag, self._own]

    def __enter__(self) -> None:
        self._thread.start()
        self._there.wait(_END)

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join(_END)

    def _hold(self) -> None:
        try:
            self.held = (
                self._engine.pipe(self._container, self.argv("hold"), feed=self._words(), user="0").exit_code == 0
            )
        except DfdevError:
            self._there.set()

    def _words(self) -> Iterator[bytes]:
        self._there.set()
        while True:
            yield b"on\n"
            if self._done.wait(_EVERY):
                break
        yield b"done\n"
