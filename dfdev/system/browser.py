"""Opening a page in the user's browser."""

from __future__ import annotations

import shlex
import subprocess
import sys
from collections.abc import Mapping

from dfdev.system.programs import find


def open_url(url: str, environ: Mapping[str, str]) -> bool:
    """Start $BROWSER, `open` (macOS) or `xdg-open` with the address, without waiting; False when there is none."""
    own = shlex.split(environ.get("BROWSER", ""))
    argv = own or [p for p in [find("open" if sys.platform == "darwin" else "xdg-open", environ)] if p]
    if not argv:
        return False
    try:
        subprocess.Popen(
            [*argv, url],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        return False
    return True
