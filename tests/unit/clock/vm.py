"""A machine with an engine and a root shell, both in memory: its clock moves when a script steps it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager

from dfdev.clock.correct import Subject
from dfdev.core.clock import SECOND, Exchange, Offset
from dfdev.core.observed import EngineInfo
from dfdev.engine.protocol import ExecResult
from dfdev.errors import ClockRefused, EngineError, MachineError
from dfdev.system.dialogue import Shell
from tests.fakes.engine import FakeEngine
from tests.fakes.shell import FakeShell

VM = EngineInfo("28.5.2", "1.45", "Debian GNU/Linux 12", "vm")
_STEP = re.compile(r"SEC=(-?\d+) NSEC=(\d+)")
_WAYS = re.compile(r"WAYS='([a-z ]*)'")


class VmEngine(FakeEngine):
    """`looks`: the questions that tell its clock. `error`: what it answers with, while there is one; `refuses`: it
    does not speak while its clock is off by a minute or more.
    """

    def __init__(self, skew: float, images: Mapping[str, str], run: Callable[[str, list[str]], ExecResult]) -> None:
        super().__init__(info=VM, images=images, on_once=run, skew=int(skew * SECOND))
        self.told = 0
        self.error: EngineError | None = None
        self.refuses = False

    def info(self) -> EngineInfo:
        self._asks()
        return super().info()

    def date(self, seconds: float | None = None) -> Exchange | None:
        self._asks()
        return super().date(seconds)

    def _asks(self) -> None:
        self.told += 1
        if self.refuses and abs(self.skew) > 60 * SECOND:
            raise ClockRefused("the certificate is not yet valid", "compare `date` on both")
        if self.error is not None:
            raise self.error


class Vm:
    """`skew` in seconds. `helper`, `shell_code`: exit codes of the script in a container and in the shell, 0 where it
    sets the clock. `leaves`: seconds that each step is wrong by. `lies`: a step says that it worked, and did not.
    """

    def __init__(
        self,
        skew: float,
        images: Sequence[str] = ("busybox:1",),
        helper: Mapping[str, int] | None = None,
        shell_code: int = 0,
        leaves: Sequence[float] = (),
        lies: bool = False,
        daemons: str = "systemd\nsshd\n",
    ) -> None:
        self.engine = VmEngine(skew, dict.fromkeys(images, "sha256:1"), self._runs)
        self.shell = FakeShell()
        self.shell.does("SEC=", lambda script: (shell_code, self._stepped(script, shell_code)))
        self.shell.does("date -u +%s.%N", lambda _script: (0, self._date()))
        self.shell.on("/comm", daemons)
        self._helper = dict(helper or {})
        self._leaves = list(leaves)
        self._lies = lies
        self.steps: list[float] = []
        self.ways: list[str] = []
        self.slept: list[float] = []
        self.on_sleep: Callable[[], None] = lambda: None
        self.on_step: Callable[[], None] = lambda: None
        self.image_lists = 0

    @property
    def off(self) -> float:
        """Seconds that its clock is off."""
        return round(self.engine.skew / SECOND, 2)

    def subject(self, *, shell: bool = True, cannot_open: MachineError | None = None) -> Subject:
        def opened() -> AbstractContextManager[Shell]:
            if cannot_open is not None:
                raise cannot_open
            return self.shell

        return Subject(self.engine, opened if shell else None, self._images)

    def offset(self) -> Offset:
        return Offset(self.engine.skew - 1000, self.engine.skew + 1000)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.on_sleep()

    def skews(self, seconds: float) -> None:
        self.engine.skew = int(seconds * SECOND)

    def _images(self) -> Sequence[str]:
        self.image_lists += 1
        return self.engine.images()

    def _runs(self, image: str, argv: list[str]) -> ExecResult:
        code = self._helper.get(image, 0)
        return ExecResult(code, self._stepped(argv[2], code))

    def _stepped(self, script: str, code: int) -> str:
        found, ways = _STEP.match(script.removeprefix("(\n")), _WAYS.search(script)
        assert found and ways
        self.ways.append(ways[1])
        if code:
            return ""
        self.steps.append(round(int(found[1]) + int(found[2]) / SECOND, 2))
        if not self._lies:
            left = self._leaves.pop(0) if self._leaves else 0.0
            self.engine.skew += int(found[1]) * SECOND + int(found[2]) + int(left * SECOND)
        self.on_step()
        return f"method: {ways[1].split()[0]}\n"

    def _date(self) -> str:
        whole, rest = divmod(time.time_ns() + self.engine.skew, SECOND)
        return f"{whole}.{rest:09d}\n"
