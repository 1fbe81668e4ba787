"""Questions to git in a folder that somebody else may have made: nothing of its configuration is run."""

from __future__ import annotations

from pathlib import Path

from dfdev.errors import MachineError
from dfdev.system.commands import Commands, Ran

_SECONDS = 10.0
_HARMLESS = ("--no-pager", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null")
_ALONE = {"GIT_ALLOW_PROTOCOL": "none", "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
"""A folder that was unpacked may have a configuration of git's that names programs: none of them is run."""
_ANYBODYS = ("-c", "safe.directory=*")
"""Whose the folder is makes no difference where nothing of its configuration is used."""
_UNTRACKED = 1


def ask(commands: Commands, folder: Path, *words: str) -> Ran:
    """MachineError: there is no git."""
    return commands.run(["git", *_HARMLESS, "-C", str(folder), *words], timeout=_SECONDS, env=_ALONE)


def may_be_committed(commands: Commands, path: Path) -> bool:
    """Whether git tracks a file, or cannot tell. No repository, no commit."""
    try:
        said = ask(commands, path.parent, *_ANYBODYS, "ls-files", "--error-unmatch", "--", path.name)
    except MachineError:
        return any((folder / ".git").exists() for folder in path.parents)
    return said.code != _UNTRACKED and "not a git repository" not in said.err
