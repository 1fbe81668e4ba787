"""What the engine says, in the place of the command's output, about a command that it could not run. Pure."""

from __future__ import annotations

import re

from dfdev.errors import EngineError, NotFound

NEVER_RAN = (126, 127)
"""Its exit codes then."""
BEGINNINGS = (b"OCI runtime exec failed", b"unable to find user")

_FOLDER = re.compile(r'chdir to cwd \(\\?"(?P<path>.*?)\\?"\)|Cwd must be an absolute path')
_PROGRAM = re.compile(r'exec: \\?"(?P<name>.*?)\\?": (?P<why>[^:]*)')
_NO_PROGRAM = ("executable file not found in $PATH", "no such file or directory")


def refused(text: str, program: str) -> EngineError:
    """NotFound: no such program, no such folder. EngineError for all else, with the engine's words."""
    folder = _FOLDER.search(text)
    if folder:
        return NotFound(f"there is no folder {folder['path']} in the container", "is it mounted there?")
    found = _PROGRAM.search(text)
    if found and any(why in text for why in _NO_PROGRAM):
        return NotFound(f"there is no program {found['name']} in the container", "install it in the image")
    why = found["why"].strip() if found else " ".join(text.split())
    return EngineError(f"{program} could not be run in the container: {why}")
