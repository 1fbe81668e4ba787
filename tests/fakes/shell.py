"""An open shell in memory: the same contract as Dialogue (tests/contract/test_shell.py)."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType

from dfdev.errors import MachineError
from dfdev.system.commands import CommandLate
from dfdev.system.dialogue import Reply

Does = Callable[[str], tuple[int, str]]
"""A script -> its exit code and its output."""


class FakeShell:
    """`now`: this host's clock. `asked`: the scripts so far; `closed`: how often it was left."""

    def __init__(self, title: str = "ssh vm", now: Callable[[], int] = time.time_ns) -> None:
        self._title = title
        self._now = now
        self._does: list[tuple[str, Does]] = []
        self.asked: list[str] = []
        self.opened = 0
        self.closed = 0

    def on(self, part: str, out: str = "", code: int = 0) -> FakeShell:
        """What a script with this text in it does; the newest that fits."""
        return self.does(part, lambda _script: (code, out))

    def does(self, part: str, work: Does) -> FakeShell:
        self._does.insert(0, (part, work))
        return self

    def late(self, part: str) -> FakeShell:
        """Such a script never ends."""
        return self.does(part, _never)

    def ends(self, part: str, said: str) -> FakeShell:
        """It ends itself over such a script, with these last words."""

        def work(_script: str) -> tuple[int, str]:
            raise MachineError(f"`{self._title}` ended: {said}", "run it by hand to see why")

        return self.does(part, work)

    def ask(self, script: str, *, timeout: float) -> Reply:
        self.asked.append(script)
        asked, began = self._now(), self._now()
        fitting = [work for part, work in self._does if part in script]
        assert fitting, f"nothing is scripted for {script!r}"
        try:
            code, out = fitting[0](script)
        except CommandLate as late:
            raise CommandLate(f"`{self._title}` did not answer within {timeout:g} s", late.hint) from None
        return Reply(code, out, asked, self._now(), self._now() - began)

    def __enter__(self) -> FakeShell:
        self.opened += 1
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closed += 1


def _never(_script: str) -> tuple[int, str]:
    raise CommandLate("", "run it by hand to see what it waits for")
