"""What is known of a machine's clock, as people and scripts are told it. Values only."""

from __future__ import annotations

from dfdev.core.clock import MILLISECOND, Offset, Verdict, breaks, spoken_size, verdict
from dfdev.core.frozen import dataclass


@dataclass(frozen=True)
class Reading:
    """`tolerance` in nanoseconds. `method`: how it would be set, "none" where dfdev does not."""

    provider: str
    offset: Offset | None
    tolerance: int
    can_set: bool = False
    method: str = "none"

    @property
    def verdict(self) -> Verdict:
        return verdict(self.offset, self.tolerance)

    def as_json(self) -> dict[str, object]:
        offset = self.offset
        return {
            "provider": self.provider,
            "offset_ms": offset.ms if offset else None,
            "bound_ms": offset.bound_ms if offset else None,
            "tolerance_ms": round(self.tolerance / MILLISECOND, 1),
            "verdict": self.verdict,
            "can_set": self.can_set,
            "method": self.method,
            "breaks": breaks(offset),
        }

    def told(self) -> str:
        """One line: how far off it is, and what that breaks."""
        if self.offset is None:
            return "the engine does not tell its clock"
        fails = breaks(self.offset)
        harm = f"; at this offset fail: {', '.join(fails)}" if fails and self.verdict == "skewed" else ""
        within = "" if self.verdict == "skewed" else f", within {spoken_size(self.tolerance)}"
        return f"{self.offset}{within}{harm}"
