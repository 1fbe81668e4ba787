"""What tells that a clock may be off, for next to nothing. Values only."""

from __future__ import annotations

from collections.abc import Sequence

from dfdev.core.clock import Exchange, Offset, estimate
from dfdev.core.frozen import dataclass

_JUMP = 1.0
"""Seconds by which two clocks of this host drift apart only in sleep, or when one of them is set."""


@dataclass(frozen=True)
class Clocks:
    """This host's clocks at one moment, in seconds. `slept`: since it was started."""

    wall: float
    monotonic: float
    slept: float

    def jumped(self, earlier: Clocks) -> bool:
        """It slept meanwhile, or somebody set its clock."""
        gap = (self.wall - earlier.wall) - (self.monotonic - earlier.monotonic)
        return abs(gap) > _JUMP or self.slept - earlier.slept > _JUMP


def moved(seen: Sequence[Exchange], known: Offset | None) -> bool:
    """The glances contradict each other, or what was measured with care before them."""
    if not seen:
        return False
    offset = estimate(seen)
    return offset is None or (known is not None and offset.and_also(known) is None)
