"""Events as a list that updates in place: what is done, what is under way and what it waits for."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType

from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from dfdev.core.events import Began, Ended, Event, Failed, Notice, Planned, Progress
from dfdev.core.visible import in_one_line
from dfdev.ui.letters import FRAMES
from dfdev.ui.out import Out

_MOST_ROWS = 14
"""Rows at the most: with more steps only those under way and the last done are shown."""


@dataclass
class _Step:
    began: float = 0.0
    seconds: float | None = None
    failed: str = ""
    doing: str = ""


class LiveReporter:
    def __init__(self, out: Out) -> None:
        self._out = out
        self._console = Console(file=out.stderr, highlight=False)
        self._steps: dict[str, _Step] = {}
        self._lock = threading.Lock()
        self._live = Live(get_renderable=self._render, console=self._console, transient=True, refresh_per_second=12)
        self._shown = False

    def __enter__(self) -> LiveReporter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._shown:
            self._live.stop()

    @contextmanager
    def asking(self) -> Iterator[None]:
        if not self._shown:
            yield
            return
        self._live.stop()
        try:
            yield
        finally:
            self._live.start()

    def emit(self, event: Event) -> None:
        """The screen is touched outside our lock: its own refresh thread holds its lock while it asks for ours."""
        with self._lock:
            self._note(event)
        if not self._shown and (isinstance(event, Began) or (isinstance(event, Planned) and event.keys)):
            self._shown = True
            self._live.start()
        if isinstance(event, Notice):
            text = ("warning: " if event.warning else "") + self._out.fit(event.text)
            self._console.print(Text(text, style="yellow" if event.warning else ""))

    def _note(self, event: Event) -> None:
        match event:
            case Planned(keys):
                self._steps = {key: _Step() for key in keys}
            case Began(key):
                self._steps.setdefault(key, _Step()).began = time.monotonic()
            case Progress(key, text):
                self._steps.setdefault(key, _Step()).doing = text
            case Ended(key, seconds):
                self._steps.setdefault(key, _Step()).seconds = seconds
            case Failed(key, message):
                self._steps.setdefault(key, _Step()).failed = message
            case Notice():
                pass

    def _render(self) -> Group:
        with self._lock:
            steps = dict(self._steps)
        done = [k for k, s in steps.items() if s.seconds is not None or s.failed]
        active = [k for k, s in steps.items() if k not in done and s.began]
        waiting = len(steps) - len(done) - len(active)
        room = max(_MOST_ROWS - len(active), 2)
        rows = [self._row(key, steps[key]) for key in [*done[-room:], *active]]
        return Group(*rows, *([Text(f"  {waiting} more to do", style="dim")] if waiting else []))

    def _row(self, name: str, step: _Step) -> Text:
        key = in_one_line(self._out.fit(name))
        if step.failed:
            return Text.assemble((" ✗ ", "red"), key)
        if step.seconds is not None:
            return Text.assemble((" ✓ ", "green"), key, (f"  {step.seconds:.1f} s", "dim"))
        frame = FRAMES[int(time.monotonic() * 10) % len(FRAMES)]
        waited, doing = time.monotonic() - step.began, in_one_line(self._out.fit(step.doing))
        return Text.assemble(
            (f" {frame} ", "cyan"),
            key,
            (f"  {waited:.0f} s  {doing}" if waited >= 1 else "", "dim"),
        )
