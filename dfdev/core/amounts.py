"""Amounts of data and time, as people read them. Pure."""

from __future__ import annotations

_UNITS = ("B", "kB", "MB", "GB", "TB")


def size_text(count: int) -> str:
    """Decimal units, as disks and downloads have them: "0 B", "12 kB", "1.4 GB"."""
    size = float(count)
    for unit in _UNITS:
        if size < 999.5 or unit == _UNITS[-1]:
            break
        size /= 1000
    return f"{size:.1f} {unit}" if unit not in ("B", "kB") and size < 99.95 else f"{size:.0f} {unit}"


def pace_text(done: int, total: int, seconds: float) -> str:
    """ "212 MB of 670 MB, 18.2 MB/s, 25 s left"; without rate and rest while it is too early to tell."""
    text = f"{size_text(done)} of {size_text(total)}"
    if seconds < 1 or not done:
        return text
    rate = done / seconds
    left = max(0.0, total - done) / rate
    return f"{text}, {size_text(round(rate))}/s, {time_text(left)} left"


def time_text(seconds: float) -> str:
    """ "0.3 s", "25 s", "4 min", "5 h", "3 days"."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    for limit, size, unit in ((90, 1, "s"), (90 * 60, 60, "min"), (36 * 3600, 3600, "h")):
        if seconds < limit:
            return f"{seconds / size:.0f} {unit}"
    days = seconds / 86400
    return f"{days:.0f} days"
