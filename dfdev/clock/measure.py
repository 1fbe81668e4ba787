"""Measuring a machine's clock: by its engine's own answers, else by the shell in the machine."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Protocol

from dfdev.core.clock import MILLISECOND, SECOND, Exchange, Offset, estimate, median, next_probe
from dfdev.core.observed import EngineInfo
from dfdev.errors import MachineError
from dfdev.system.dialogue import Shell

_SAMPLES = 3
_TRIES = 3
_FINE = 2 * MILLISECOND
_PROBES = 40
_TICK = 10 * MILLISECOND
"""busybox reads the kernel's coarse clock, which moves at each timer tick: 10 ms at the slowest usual rate."""
_SECONDS = 10.0


class Clocked(Protocol):
    """The two answers of an engine that carry its clock."""

    def info(self) -> EngineInfo: ...

    def date(self, seconds: float | None = None) -> Exchange | None: ...


Sleep = Callable[[float], None]
Now = Callable[[], int]


def measure(engine: Clocked, sleep: Sleep = time.sleep, now: Now = time.time_ns) -> Offset | None:
    """From `/info`, to a few milliseconds; from `Date` headers where that says nothing (some seconds).

    None: neither says anything, or a clock is being set all the while. EngineError.
    """
    for _ in range(_TRIES):
        # The first answer pays for the connection, and for an engine that has just woken.
        samples = [engine.info().clock for _ in range(_SAMPLES + 1)][1:]
        told = [sample for sample in samples if sample is not None]
        offset = estimate(told) if told else _by_edge(engine.date, sleep, now)
        if offset is not None:
            return offset
    return None


def measure_in(shell: Shell, sleep: Sleep = time.sleep, now: Now = time.time_ns) -> Offset | None:
    """By the machine's own `date`, for an engine that cannot be asked; some seconds where that knows whole ones only.
    MachineError.
    """
    for _ in range(_TRIES):
        told = [_asked(shell) for _ in range(_SAMPLES + 1)][1:]
        offset = estimate(told)
        if offset is not None and told[-1].grain > 1:
            offset = _by_edge(lambda: _asked(shell), sleep, now)
        if offset is not None:
            return offset
    return None


def glance_in(shell: Shell) -> Offset | None:
    """The same, from three questions: nothing is waited for. MachineError."""
    return estimate([_asked(shell) for _ in range(_SAMPLES + 1)][1:])


def _by_edge(probe: Callable[[], Exchange | None], sleep: Sleep, now: Now) -> Offset | None:
    """Whole seconds only: ask when the next one is as likely to have begun as not, again and again."""
    seen: list[Exchange] = []
    for _ in range(_PROBES):
        exchange = probe()
        if exchange is None:
            return None
        seen.append(exchange)
        offset = estimate(seen)
        late = exchange.grain - SECOND
        if offset is None or offset.bound <= _FINE + (_round_trip(seen) + late) // 2:
            return offset
        sleep(next_probe(Offset(offset.low, offset.high - late), _round_trip(seen), now()) / SECOND)
    return estimate(seen)


def _round_trip(seen: Sequence[Exchange]) -> int:
    return median([exchange.took for exchange in seen])


def _asked(shell: Shell) -> Exchange:
    """busybox knows no `%N` and prints it as it is, or nothing."""
    reply = shell.ask("date -u +%s.%N", timeout=_SECONDS)
    seconds, _, rest = reply.out.strip().partition(".")
    if reply.code or not seconds.isdecimal():
        raise MachineError(f"`date` in the machine says {reply.out.strip()!r}", "is it a Linux with a shell?")
    exact = len(rest) == 9 and rest.isdecimal()
    stamp = int(seconds) * SECOND + (int(rest) if exact else 0)
    return Exchange(reply.asked, reply.answered, reply.took, stamp, 1 if exact else SECOND + _TICK)
