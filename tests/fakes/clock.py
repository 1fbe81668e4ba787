"""An engine's clock, as one answer of it shows it."""

from __future__ import annotations

import time

from dfdev.core.clock import Exchange


def asked(skew: int, grain: int) -> Exchange:
    """`skew`: nanoseconds that it is ahead of this host's; `grain`: of what it tells, in nanoseconds."""
    now = time.time_ns()
    stamp = now + skew
    return Exchange(now, now + 1000, 1000, stamp - stamp % grain, grain)
