"""Setting a machine's clock, and measuring again: what counts is what it shows afterwards, not what a tool says."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack, suppress
from dataclasses import replace
from typing import Literal

from dfdev.clock.measure import measure, measure_in
from dfdev.clock.step import WAYS, ByHelper, ByShell, CannotSet, Channel
from dfdev.core.clock import MILLISECOND, Offset, spoken, verdict
from dfdev.core.frozen import dataclass
from dfdev.engine.protocol import Engine
from dfdev.errors import ClockRefused, EngineError, MachineError
from dfdev.system.dialogue import Shell

Method = Literal["auto", "shell", "helper", "date"]
"""`date`: what people typed in 2014, kept to compare with."""
OpenShell = Callable[[], AbstractContextManager[Shell]]

_LOOK_AGAIN = 1.0
"""Seconds after which the clock is looked at once more: a time daemon that noticed the step has answered by then."""
_PULLED = 200 * MILLISECOND


@dataclass(frozen=True)
class Subject:
    """A machine's clock and the ways to it. `open_shell`: a root shell in the machine; `images`: for a helper
    container, the best first, asked for when one is needed.
    """

    engine: Engine
    open_shell: OpenShell | None
    images: Callable[[], Sequence[str]]


@dataclass(frozen=True)
class Correction:
    """`after` as measured when it was set, `later` a second on (None: not measured). `method` in words.

    `pullers`: time daemons that run in the machine, looked for when the clock moved back.
    """

    before: Offset
    after: Offset | None
    later: Offset | None
    method: str
    seconds: float
    pullers: tuple[str, ...] = ()

    @property
    def last(self) -> Offset | None:
        """What was seen last."""
        return self.later or self.after

    @property
    def pulled_back(self) -> bool:
        """It was set, and is on its way to where it was, or there already."""
        return any(_moved_back(self.before, seen) for seen in (self.after, self.later) if seen is not None)


def measured(subject: Subject) -> Offset | None:
    """By the engine; by the machine's own `date` where the engine refuses to speak because of its clock."""
    try:
        return measure(subject.engine)
    except ClockRefused:
        if subject.open_shell is None:
            raise
        with subject.open_shell() as shell:
            return measure_in(shell)


def correct(
    subject: Subject,
    before: Offset,
    tolerance: int,
    method: Method = "auto",
    *,
    look_again: bool = True,
    sleep: Callable[[float], None] = time.sleep,
) -> Correction:
    """Step by `-before`, measure, and where a coarse way left something, step once more. CannotSet, MachineError."""
    began = time.monotonic()
    with ExitStack() as stack:
        channels = _channels(subject, method, stack)
        ways = ("absolute",) if method == "date" else WAYS
        done, after = _stepped(subject, channels, before, ways)
        if method != "date" and after is not None and _coarse(before, after, tolerance):
            done, after = _stepped(subject, channels, after, ways)
    seconds = time.monotonic() - began
    later = _later(subject, after, sleep) if look_again else None
    found = Correction(before, after, later, done, round(seconds, 3))
    return found if not found.pulled_back else _with_pullers(found, subject)


def pullers(shell: Shell) -> tuple[str, ...]:
    """Programs that set a clock, among those that run in the machine."""
    names = set(shell.ask("cat /proc/[0-9]*/comm 2>/dev/null || true", timeout=10).out.split("\n"))
    return tuple(name for name in _DAEMONS if name[:15] in names)


_DAEMONS = ("chronyd", "systemd-timesyncd", "ntpd", "openntpd", "ntpclient", "VBoxService", "vmtoolsd", "prltoolsd")
"""The kernel cuts a name in /proc/PID/comm after 15 bytes."""


def _channels(subject: Subject, method: Method, stack: ExitStack) -> list[Channel]:
    """The ways in, best first. CannotSet when the one that was asked for is not there."""
    channels: list[Channel] = []
    if subject.open_shell is not None and method != "helper":
        channels.append(_LateShell(subject.open_shell, stack))
    if method == "shell" and not channels:
        raise CannotSet("there is no root shell in this machine", "`dfdev clock sync --method helper`")
    if method != "shell":
        channels.append(_LateHelper(subject))
    return channels


class _LateShell:
    """Logs in when its turn comes, once."""

    title = ByShell.title

    def __init__(self, open_shell: OpenShell, stack: ExitStack) -> None:
        self._open = open_shell
        self._stack = stack
        self._shell: ByShell | None = None

    def offset(self) -> Offset | None:
        return self._opened().offset()

    def step(self, delta: int, ways: Sequence[str] = WAYS) -> str:
        return self._opened().step(delta, ways)

    def _opened(self) -> ByShell:
        if self._shell is None:
            self._shell = ByShell(self._stack.enter_context(self._open()))
        return self._shell


class _LateHelper:
    """Asks for the images only when its turn comes."""

    title = ByHelper.title

    def __init__(self, subject: Subject) -> None:
        self._subject = subject

    def offset(self) -> Offset | None:
        return None

    def step(self, delta: int, ways: Sequence[str] = WAYS) -> str:
        return ByHelper(self._subject.engine, self._subject.images()).step(delta, ways)


def _stepped(
    subject: Subject, channels: Sequence[Channel], before: Offset, ways: Sequence[str]
) -> tuple[str, Offset | None]:
    """What set it, and what it shows then. The error of the first channel when none does: it is the one people know."""
    errors: list[MachineError | EngineError] = []
    for channel in channels:
        try:
            done = channel.step(-_sharper(before, channel.offset()).middle, ways)
        except (MachineError, EngineError) as error:
            errors.append(error)
            continue
        # It was set: what goes wrong from here on is no reason to set it once more by another way.
        after = measured(subject)
        return done, after if after is None else _sharper(after, _glance(channel))
    first, *others = errors
    raise CannotSet(first.message, first.hint, details=tuple(e.message for e in others))


def _glance(channel: Channel) -> Offset | None:
    with suppress(MachineError):
        return channel.offset()
    return None


def _sharper(by_engine: Offset, by_channel: Offset | None) -> Offset:
    """Both together. A shell is answered faster than an engine; where they contradict each other the engine counts,
    because it is what S3 will hear.
    """
    return by_engine if by_channel is None else by_engine.and_also(by_channel) or by_engine


def _coarse(before: Offset, after: Offset, tolerance: int) -> bool:
    return verdict(after, tolerance) == "skewed" and abs(after.middle) < abs(before.middle) / 2


def _later(subject: Subject, after: Offset | None, sleep: Callable[[float], None]) -> Offset | None:
    if after is None:
        return None
    sleep(_LOOK_AGAIN)
    return measured(subject)


def _moved_back(before: Offset, seen: Offset) -> bool:
    """From right towards where it was, by half of the way at least: what a coarse way leaves is less."""
    towards = seen.middle * (1 if before.middle > 0 else -1)
    return towards > max(_PULLED, seen.bound, abs(before.middle) // 2)


def _with_pullers(found: Correction, subject: Subject) -> Correction:
    names: tuple[str, ...] = ()
    if subject.open_shell is not None:
        with suppress(MachineError), subject.open_shell() as shell:
            names = pullers(shell)
    return replace(found, pullers=names)


def told(found: Correction) -> str:
    """One line for a person: before, after, how, how long."""
    after = str(found.after) if found.after is not None else "not measured"
    return f"{spoken(found.before.middle)} → {after} ({found.method}, {found.seconds:.1f} s)"
