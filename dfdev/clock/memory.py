"""What is remembered of an engine's clock between commands: one small file per engine, in the user's state folder."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from dfdev.core.correction import Memory, Rest
from dfdev.system.folders import state_folder
from dfdev.system.state_file import write_state


def memory_path(environ: Mapping[str, str], host: str) -> Path:
    """`host`: the engine's address."""
    return state_folder(environ) / "clock" / f"{hashlib.sha256(host.encode()).hexdigest()[:16]}.json"


def recall(path: Path) -> Memory:
    """Nothing remembered where there is no file, or none that can be read."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return Memory(
            Rest(str(found["boot"]), float(found["slept"])),
            float(found["measured"]),
            float(found["stepped"]),
            Rest(str(found["stepped_boot"]), float(found["stepped_slept"])),
            int(found["stepped_from"]),
            found.get("pulled") is True,
        )
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return Memory()


def remember(path: Path, memory: Memory) -> None:
    """Whole or not at all. A state folder that cannot be written costs a measurement next time, nothing else."""
    text = json.dumps(
        {
            "boot": memory.rest.boot,
            "slept": memory.rest.slept,
            "measured": memory.measured,
            "stepped": memory.stepped,
            "stepped_boot": memory.stepped_rest.boot,
            "stepped_slept": memory.stepped_rest.slept,
            "stepped_from": memory.stepped_from,
            "pulled": memory.pulled,
        }
    )
    write_state(path, text)
