"""Files in which dfdev remembers something that it could find out again."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def write_state(path: Path, text: str) -> None:
    """Whole or not at all. A state folder that cannot be written costs a look next time, nothing else."""
    unfinished = path.with_suffix(f".{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(path)
    except OSError:
        with suppress(OSError):
            unfinished.unlink()
