"""What is to be done about a clock that is off: decided on values."""

from __future__ import annotations

from typing import Literal

from dfdev.core.clock import SECOND, Offset, spoken, verdict
from dfdev.core.frozen import dataclass

Mode = Literal["auto", "ask", "never"]
"""`[clock] correct`."""
Action = Literal["nothing", "step", "ask", "leave"]

SAFE_BACKWARD = 2 * SECOND
"""A larger step back is asked about: build tools, id generators and databases see time run backwards."""
_AGAIN = 600.0
"""Seconds for which a clock that was set is expected to stay right."""
_SAME = SECOND // 5
USUAL_SILENCE = 1.3
"""Seconds between two answers of an engine that is asked twice in three seconds, at most."""
_SLEPT = 1.0
"""Seconds of sleep that count as one."""


@dataclass(frozen=True)
class Decision:
    """`why` in words, for the person who is asked or told. `doubtful`: once set, it has to be looked at again, because
    something else may set it back.
    """

    action: Action
    why: str = ""
    doubtful: bool = False


@dataclass(frozen=True)
class Rest:
    """How long this host has slept since it was started: a boot's id, and seconds."""

    boot: str
    slept: float

    def since(self, earlier: Rest) -> float:
        """Seconds slept since then; infinite when it was started anew, or nobody knows."""
        if not self.boot or self.boot != earlier.boot:
            return float("inf")
        return self.slept - earlier.slept


@dataclass(frozen=True)
class Memory:
    """What is remembered of one engine's clock. Times are Unix seconds of this host, 0.0 for never.

    `rest` and `measured`: of the last measurement that found it right. `stepped`: when dfdev last set it;
    `stepped_from`: how far it was off then, in nanoseconds; `pulled`: something was seen to set it back after that.
    """

    rest: Rest = Rest("", 0.0)
    measured: float = 0.0
    stepped: float = 0.0
    stepped_rest: Rest = Rest("", 0.0)
    stepped_from: int = 0
    pulled: bool = False


def undisturbed(memory: Memory, rest: Rest, now: float) -> bool:
    """It was found right a while ago, and this host has not slept since: it needs no look."""
    return 0 <= now - memory.measured < _AGAIN and rest.since(memory.rest) < _SLEPT


def as_before(memory: Memory, offset: Offset | None, rest: Rest, now: float) -> bool:
    """It was set a while ago, this host has not slept since, and it is off by as much as before: something else sets
    it, or the machine alone stood still for as long as the last time.
    """
    if offset is None or not 0 <= now - memory.stepped < _AGAIN or rest.since(memory.stepped_rest) >= _SLEPT:
        return False
    away = abs(offset.middle - memory.stepped_from)
    return away <= offset.bound + max(_SAME, abs(memory.stepped_from) // 20)


def stood_still(offset: Offset | None, silence: float) -> bool:
    """Whether the longest silence of its engine, in seconds, is long enough for a machine to get that far behind. The
    usual pause between two questions counts for nothing: a clock that moved in it was set.
    """
    return offset is not None and silence > USUAL_SILENCE and -offset.high <= (silence + _SAME / SECOND) * SECOND


def decide(
    offset: Offset | None, tolerance: int, mode: Mode, *, can_set: bool, fought: bool, doubtful: bool = False
) -> Decision:
    """`tolerance` in nanoseconds; `can_set`: there is a way; `fought`: something else is known to set it back;
    `doubtful`: it may be.
    """
    if verdict(offset, tolerance) != "skewed" or offset is None:
        return Decision("nothing")
    off = spoken(offset.middle)
    if mode == "never":
        return Decision("leave", f"the machine's clock is {off}, and [clock] correct is never")
    if not can_set:
        return Decision("leave", f"the machine's clock is {off}, and dfdev does not set it")
    if fought:
        return Decision("leave", f"the machine's clock is {off} again, though it was set a moment ago")
    if offset.middle > SAFE_BACKWARD:
        return Decision("ask", f"the machine's clock is {off}: setting it lets time run backwards there")
    if mode == "ask":
        return Decision("ask", f"the machine's clock is {off}")
    return Decision("step", f"the machine's clock is {off}", doubtful)
