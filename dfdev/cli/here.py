"""The folder that the caller stands in."""

from __future__ import annotations

from pathlib import Path

from dfdev.errors import UsageError


def here() -> Path:
    """UsageError: it was removed meanwhile."""
    try:
        return Path.cwd()
    except FileNotFoundError as gone:
        raise UsageError("the folder that you are in was removed", "cd to one that is there") from gone
