"""A command in the database's container that takes a long input, whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence

from dfdev.core.frozen import dataclass
from dfdev.engine.protocol import Engine
from dfdev.resources import templates_dir

_PATIENCE = 60.0
_TAIL = 1 << 16
_MEMORY = "/dev/shm"
"""Where a file can be made on a full disk too."""


@dataclass(frozen=True)
class Fed:
    """`out`: the end of its stdout; `said`: its stderr."""

    exit_code: int
    out: str
    said: str


def feed(engine: Engine, container: str, argv: Sequence[str], pieces: Iterable[bytes]) -> Fed:
    """Where `pieces` fail, or this process dies before their end, the command is killed in the middle of its input."""
    flag = f"{_MEMORY}/dfdev-fed-{os.urandom(6).hex()}"
    out = bytearray()

    def whole() -> Iterator[bytes]:
        yield from pieces
        engine.exec(container, ["touch", flag], timeout=_PATIENCE)

    def take(piece: bytes) -> None:
        out.extend(piece)
        del out[:-_TAIL]

    script = (templates_dir() / "mysql" / "feed.sh").read_text(encoding="utf-8")
    ran = engine.pipe(container, ["sh", "-c", script, "sh", flag, *argv], feed=whole(), take=take)
    return Fed(ran.exit_code, out.decode("utf-8", "replace"), ran.output)
