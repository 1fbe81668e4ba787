"""A machine's clock against this host's: from single exchanges to an offset with its bound, and what it breaks.

Times are whole nanoseconds of Unix time. An offset is machine minus host: negative when the machine is behind.
An exchange does not give a number but an interval that the offset lies in; several of them are intersected
(Marzullo 1984). Averages would be biased: an engine stamps `/info` in the first tenth of its work.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Literal

from dfdev.core.frozen import dataclass

SECOND = 1_000_000_000
MILLISECOND = 1_000_000
_HOST_STEP = 50 * MILLISECOND
"""A host clock that moves this much against its monotonic one was set meanwhile."""
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

Verdict = Literal["ok", "skewed", "unknown"]


@dataclass(frozen=True)
class Exchange:
    """One question for the time: the host's clock before and after, and what the machine said in between.

    `took`: the same span by a clock that nobody sets. `grain`: the stamp was cut to whole multiples of it (1 for
    nanoseconds, a second for an HTTP `Date`).
    """

    asked: int
    answered: int
    took: int
    stamp: int
    grain: int = 1

    @property
    def host_was_set(self) -> bool:
        return abs((self.answered - self.asked) - self.took) > _HOST_STEP

    @property
    def offset(self) -> Offset:
        return Offset(self.stamp - self.answered, self.stamp + self.grain - 1 - self.asked)


@dataclass(frozen=True)
class Offset:
    """The true offset lies from `low` to `high`."""

    low: int
    high: int

    @property
    def middle(self) -> int:
        return (self.low + self.high) // 2

    @property
    def bound(self) -> int:
        """How far off `middle` may be."""
        return -(-(self.high - self.low) // 2)

    def and_also(self, other: Offset) -> Offset | None:
        """What both allow; None when they contradict each other."""
        low, high = max(self.low, other.low), min(self.high, other.high)
        return Offset(low, high) if low <= high else None

    @property
    def ms(self) -> float:
        return round(self.middle / MILLISECOND, 1)

    @property
    def bound_ms(self) -> float:
        return round(self.bound / MILLISECOND, 1)

    def __str__(self) -> str:
        return f"{spoken(self.middle)} ± {spoken_size(self.bound)}"


def estimate(exchanges: Iterable[Exchange]) -> Offset | None:
    """What all exchanges agree on. `None`: there is none left, or one of the two clocks was set in between."""
    offsets = [e.offset for e in exchanges if not e.host_was_set]
    if not offsets:
        return None
    low, high = max(o.low for o in offsets), min(o.high for o in offsets)
    return Offset(low, high) if low <= high else None


def verdict(offset: Offset | None, tolerance: int) -> Verdict:
    """`unknown` when there is no offset, or its bound is too wide to tell."""
    if offset is None:
        return "unknown"
    if -tolerance <= offset.low and offset.high <= tolerance:
        return "ok"
    if offset.low > tolerance or offset.high < -tolerance:
        return "skewed"
    if offset.bound > tolerance:
        return "unknown"
    return "ok" if abs(offset.middle) <= tolerance else "skewed"


@dataclass(frozen=True)
class _Limit:
    """`side`: which way it must be off to break; both where the other party compares absolute values."""

    name: str
    seconds: float
    side: Literal["both", "behind", "ahead"] = "both"


_LIMITS = (
    _Limit("file watchers", 1),  # mtimes of edited files: grunt, webpack, .pyc (webpack-watchman#148)
    _Limit("make", 1),  # "modification time in the future" (boot2docker#784)
    _Limit("apt", 10, "behind"),  # apt.conf(5): Acquire::Max-FutureTime
    _Limit("TOTP", 30),  # RFC 6238: one step
    _Limit("registry tokens", 60),  # distribution: leeway of nbf and exp
    _Limit("AWS", 300),  # SigV4 of all services but S3
    _Limit("Kerberos", 300),  # RFC 4120
    _Limit("S3", 900),  # RequestTimeTooSkewed, MaxAllowedSkewMilliseconds 900000
    _Limit("new TLS certificates", 3600, "behind"),  # ACME dates them back by an hour
)


def breaks(offset: Offset | None) -> list[str]:
    """What fails at this offset, the most sensitive first."""
    if offset is None:
        return []
    seconds = offset.middle / SECOND
    sides = {"both": abs(seconds), "behind": -seconds, "ahead": seconds}
    return [limit.name for limit in _LIMITS if sides[limit.side] > limit.seconds]


def plausible(exchange: Exchange, date: int | None) -> bool:
    """Whether the stamp belongs to this very answer.

    From Engine 25 on, callers at the same time get one and the same `/info`, made for the first of them (moby
    a1c9a686b0). `date` is the `Date` header of the same answer, written after the stamp was taken.
    """
    return date is None or date - exchange.took - MILLISECOND <= exchange.stamp < date + SECOND


def stamp_of(text: str) -> int | None:
    """RFC 3339 with 0 to 9 decimals, as Go writes it: `2026-08-23T09:15:02.123456789Z`; `None` for anything else."""
    head, dot, rest = text.partition(".")
    digits = rest[: len(rest) - len(rest.lstrip("0123456789"))]
    zone = rest[len(digits) :] if dot else ""
    try:
        moment = datetime.fromisoformat(head + zone)
    except ValueError:
        return None
    if moment.tzinfo is None or len(digits) > 9:
        return None
    return _whole(moment) * SECOND + int((digits or "0").ljust(9, "0"))


def stamp_of_date(text: str) -> int | None:
    """The HTTP `Date` header, `Tue, 24 Nov 2026 05:24:17 GMT` (RFC 9110); `None` for anything else."""
    words = text.replace(":", " ").split()
    if len(words) != 8 or words[7] != "GMT" or words[2] not in _MONTHS:
        return None
    try:
        day, year, hour, minute, second = (int(words[i]) for i in (1, 3, 4, 5, 6))
        return _whole(datetime(year, _MONTHS.index(words[2]) + 1, day, hour, minute, second, tzinfo=UTC)) * SECOND
    except (ValueError, OverflowError):
        return None


def next_probe(offset: Offset, round_trip: int, now: int) -> int:
    """Nanoseconds to wait, so that a cut stamp halves what is not known: the machine's next whole second is then
    as likely to have begun as not. (An edge search: about eleven probes come to 2 ms.)
    """
    into = (now + offset.middle + round_trip // 2) % SECOND
    return (SECOND - into) % SECOND


def spoken(nanoseconds: int) -> str:
    """`20.5 s behind`, `3 ms ahead`, `0 ms off`: of the machine against the host."""
    if abs(nanoseconds) < MILLISECOND // 2:
        return "0 ms off"
    return f"{spoken_size(nanoseconds)} {'behind' if nanoseconds < 0 else 'ahead'}"


def spoken_size(nanoseconds: int) -> str:
    seconds = abs(nanoseconds) / SECOND
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 120:
        return f"{seconds:.1f} s"
    if seconds < 7200:
        return f"{seconds / 60:.0f} min"
    return next(f"{seconds / unit:.1f} {word}" for most, unit, word in _LONG if seconds < most)


_DAY = 86400
_LONG = ((2 * _DAY, 3600, "h"), (730 * _DAY, _DAY, "days"), (float("inf"), 365.25 * _DAY, "years"))
"""Seconds below which a unit is used, the unit and its word."""


def beyond(seconds: float) -> int:
    """A tolerance in seconds as nanoseconds."""
    return int(seconds * SECOND)


def median(values: Sequence[int]) -> int:
    """The upper one of an even number; 0 of none."""
    return sorted(values)[len(values) // 2] if values else 0


def _whole(moment: datetime) -> int:
    return int((moment - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds())
