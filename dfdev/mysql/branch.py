"""The git branch that the code is on."""

from __future__ import annotations

from pathlib import Path

from dfdev.errors import MachineError
from dfdev.system.commands import Commands

_SECONDS = 5.0


def branch_of(commands: Commands, folder: Path) -> str:
    """ "" where there is no git, no repository or no branch."""
    try:
        ran = commands.run(["git", "-C", str(folder), "symbolic-ref", "--short", "-q", "HEAD"], timeout=_SECONDS)
    except MachineError:
        return ""
    return ran.out.strip() if ran.ok else ""
