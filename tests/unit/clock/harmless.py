"""Commands that may not set this machine's clock, whatever they try."""

from __future__ import annotations

import os
from collections.abc import Sequence


def harmless(argv: Sequence[str]) -> list[str]:
    """The same command without the right to set a clock: root is without it only when it is taken away."""
    without = ["/usr/bin/setpriv", "--bounding-set=-sys_time", "--inh-caps=-sys_time"]
    return [*without, *argv] if os.geteuid() == 0 else [*argv]
