"""Stepping a machine's clock, from inside it: one script, sent through its root shell or run by a helper container.

The script is `templates/clock/step.sh`; facts about the ways: clock_adjtime(2), GNU coreutils date, busybox date.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Protocol

from dfdev.clock.measure import glance_in
from dfdev.core.clock import SECOND, Offset
from dfdev.engine.protocol import Engine
from dfdev.errors import EngineError, MachineError, NotFound
from dfdev.resources import templates_dir
from dfdev.system.dialogue import Shell

WAYS = ("python", "perl", "date", "edge")
"""Best first: two relative steps to the nanosecond, one by GNU date, whole seconds at their edge by busybox."""
_NOT_PERMITTED = 77
_SECONDS = 20.0
_MOST_IMAGES = 6
HELPER = "clock"
"""Label of the helper container."""


class CannotSet(MachineError):
    """This way does not set the clock; another one may."""


class NoTool(CannotSet):
    """The script ran, and found nothing there to set a clock with."""


class Channel(Protocol):
    """One way into the machine. `title` in words."""

    title: str

    def offset(self) -> Offset | None:
        """The clock as seen from inside, where that can be had for little. MachineError."""

    def step(self, delta: int, ways: Sequence[str] = WAYS) -> str:
        """Move the machine's clock by `delta` nanoseconds; what did it, in words. CannotSet; MachineError,
        EngineError: not reached.
        """


class ByShell:
    """Through a root shell that stays open, so that nothing is lost with logging in."""

    title = "root shell"

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def offset(self) -> Offset | None:
        return glance_in(self._shell)

    def step(self, delta: int, ways: Sequence[str] = WAYS) -> str:
        reply = self._shell.ask(f"(\n{script(delta, ways)}\n)", timeout=_SECONDS)
        return _done(reply.code, reply.out, self.title)


class ByHelper:
    """Through a container that may set the clock and nothing else. `images`: references that the engine has."""

    title = "helper container"

    def __init__(self, engine: Engine, images: Sequence[str]) -> None:
        self._engine = engine
        self._images = images[:_MOST_IMAGES]

    def offset(self) -> Offset | None:
        return None

    def step(self, delta: int, ways: Sequence[str] = WAYS) -> str:
        if not self._images:
            raise CannotSet("the engine has no image for a helper container", "any image with a shell will do")
        why: EngineError | MachineError | None = None
        for image in self._images:
            try:
                return self._step(image, delta, ways)
            except (NotFound, NoTool) as error:
                why = error
        raise CannotSet(f"no image here has a shell to set the clock with ({why})", "any image with a shell will do")

    def _step(self, image: str, delta: int, ways: Sequence[str]) -> str:
        argv = ["sh", "-c", script(delta, ways)]
        ran = self._engine.run_once(image, argv, cap_add=["SYS_TIME"], label=HELPER, timeout=_SECONDS)
        return _done(ran.exit_code, ran.output, f"{self.title} of {image}")


def script(delta: int, ways: Sequence[str], now: int | None = None) -> str:
    """`delta` in nanoseconds. `now`: this host's clock, for the way that sets it absolutely."""
    seconds, rest = divmod(delta, SECOND)
    stamp = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime((time.time_ns() if now is None else now) // SECOND))
    head = f"SEC={seconds} NSEC={rest} DELTA={decimal(delta)} WAYS='{' '.join(ways)}' STAMP='{stamp}'"
    body = (templates_dir() / "clock" / "step.sh").read_text(encoding="utf-8")
    return f"{head}\n{body}"


def decimal(delta: int) -> str:
    """Nanoseconds as seconds with nine decimals: "-3.250000000"."""
    whole, rest = divmod(abs(delta), SECOND)
    return f"{'-' if delta < 0 else ''}{whole}.{rest:09d}"


_WORDS = {
    "python": "clock_adjtime",
    "perl": "clock_adjtime",
    "date": "GNU date",
    "edge": "date at the edge of a second",
    "absolute": "date",
}


def _done(code: int, out: str, where: str) -> str:
    """What the script says of itself. CannotSet."""
    for line in out.splitlines():
        way = line.removeprefix("method: ").strip()
        if way != line.strip() and way in _WORDS:
            return f"{where}: {_WORDS[way]}"
    if code == _NOT_PERMITTED:
        raise CannotSet(f"{where}: not permitted to set the clock", "a rootless engine cannot: restart the machine")
    said = next((line.strip() for line in reversed(out.splitlines()) if line.strip()), f"exit code {code}")
    raise NoTool(f"{where}: nothing there sets a clock ({said})", "restart the machine")
