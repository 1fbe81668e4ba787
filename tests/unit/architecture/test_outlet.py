"""Text leaves by dfdev/ui/out.py, where it is made harmless: nobody else writes to the terminal."""

from __future__ import annotations

import re
from pathlib import Path

import dfdev

_ROOT = Path(dfdev.__file__).parent
_WRITES = re.compile(r"(?<![._\w])print\(|\b(?:stdout|stderr)\.(?:buffer\.)?write|\becho\(|\bsecho\(|\bConsole\(")
_ALLOWED = {
    "ui/out.py",
    "ui/live.py",  # rich's console, given visible text only
    "__main__.py",  # the version, before anything is imported
    "cli/app.py",  # the command line's own help
    "cli/help.py",
    "cli/mysql_data.py",  # a dump: bytes for a program
    "frontend/run.py",  # hints beside a tool's own raw output, made visible there
}


def test_only_the_outlet_writes() -> None:
    writers = {str(f.relative_to(_ROOT)) for f in _ROOT.rglob("*.py") if _WRITES.search(f.read_text("utf-8"))}
    assert writers == _ALLOWED
