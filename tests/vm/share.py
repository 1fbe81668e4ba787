"""The host folder that the VM has too: a folder of each run's own under /Users, so that runs do not meet."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from tests.machine import root
from tests.vm.layout import SHARED

PREFIX = "dfdev-test-"


def make() -> Path:
    """A new folder under /Users that belongs to us."""
    if os.access(SHARED, os.W_OK):
        made = Path(tempfile.mkdtemp(prefix=PREFIX, dir=SHARED))
        made.chmod(0o755)
        return made
    name = SHARED / (PREFIX + os.urandom(4).hex())
    root.script(f'mkdir -p "{SHARED}" && mkdir -m 755 "{name}" && chown {os.getuid()}:{os.getgid()} "{name}"')
    return name


def remove(folder: Path) -> None:
    """With what is in it, whoever it belongs to; /Users goes with the last one."""
    if folder.parent == SHARED and folder.name.startswith(PREFIX):
        root.script(f'rm -rf "{folder}"; rmdir "{SHARED}" 2>/dev/null || true')
