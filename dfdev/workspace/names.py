"""The services' names for shell completion: the TOML keys and nothing else, and never an error."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from dfdev.errors import DfdevError
from dfdev.workspace.gate import Gate


def service_names(home: Path) -> list[str]:
    """Names under [services], then mysql and registry where they have a section; [] where unreadable."""
    sections = [_read(Gate(home), name) for name in ("dfdev.toml", "dfdev.local.toml")]
    names = [n for data in sections if isinstance(data.get("services"), dict) for n in data["services"]]
    names += [n for data in sections for n in ("mysql", "registry") if n in data]
    return list(dict.fromkeys(names))


def _read(gate: Gate, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(gate.read(name, name).decode("utf-8-sig"))
    except (DfdevError, OSError, ValueError, RecursionError):
        return {}
