"""The last address at which a machine's engine answered. It is tried first where a tool would ask the machine itself
over ssh: that takes seconds, and a machine that hangs never answers.

The engine there has to be the same one by its own id: another machine may have got the address meanwhile.
"""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from dfdev.core.frozen import dataclass
from dfdev.engine.endpoint import Endpoint
from dfdev.errors import EngineError, EngineHung
from dfdev.system.folders import state_folder
from dfdev.system.state_file import write_state

Ask = Callable[[Endpoint, float], str]
"""The id of the engine there, asked with so many seconds of patience. EngineError."""


@dataclass(frozen=True)
class Known:
    """`name` of the machine; `host`, `certs` as in `Machine`; `id`: the engine's."""

    name: str
    host: str
    certs: str
    id: str


def recall(environ: Mapping[str, str], provider: str, name: str) -> Known | None:
    """`name` as dfdev.toml has it, "" for the provider's usual machine. None: never seen, or nothing to be read."""
    found = _all(_path(environ)).get(f"{provider}/{name}")
    if not isinstance(found, dict):
        return None
    texts = [found.get(field) for field in ("name", "host", "certs", "id")]
    return Known(*map(str, texts)) if all(isinstance(text, str) for text in texts) and found["id"] else None


def remember(environ: Mapping[str, str], provider: str, names: tuple[str, ...], known: Known) -> None:
    """Under each of the names. A folder that cannot be written costs a look by the tool next time, nothing else."""
    path = _path(environ)
    fields = {"name": known.name, "host": known.host, "certs": known.certs, "id": known.id}
    before = _all(path)
    after = {**before, **{f"{provider}/{name}": fields for name in names}}
    if after == before:
        return
    write_state(path, json.dumps(after))


def engine_id(endpoint: Endpoint, seconds: float) -> str:
    """By its shortest way. EngineError."""
    from dfdev.engine.open import open_engine

    engine = open_engine(endpoint, {}, seconds)
    try:
        return engine.info().id
    finally:
        engine.close()


class Asking:
    """A question that goes on beside something else."""

    def __init__(self, ask: Callable[[], str], seconds: float) -> None:
        self._end = time.monotonic() + seconds
        self._answers: list[str] = []
        self._thread = threading.Thread(target=self._run, args=(ask,), daemon=True)
        self._thread.start()

    def answer(self) -> str:
        """Waited for until its time is over; "" without one."""
        self._thread.join(max(0.0, self._end - time.monotonic()))
        return self._answers[0] if self._answers else ""

    def _run(self, ask: Callable[[], str]) -> None:
        with contextlib.suppress(EngineError):
            self._answers.append(ask())


def at_once(ask: Ask, endpoint: Endpoint, seconds: float) -> tuple[str, bool]:
    """The id of the engine there, "" where none answers; and whether it took the call and was silent."""
    try:
        return ask(endpoint, seconds), False
    except EngineError as error:
        return "", isinstance(error, EngineHung) or "does not answer" in error.message


def _path(environ: Mapping[str, str]) -> Path:
    return state_folder(environ) / "machines" / "addresses.json"


def _all(path: Path) -> dict[str, object]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
