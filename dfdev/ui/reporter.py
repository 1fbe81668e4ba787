"""Showing events while a plan is carried out: live at a terminal, line by line elsewhere."""

from __future__ import annotations

from contextlib import AbstractContextManager
from types import TracebackType
from typing import Protocol

from dfdev.core.events import Event
from dfdev.ui.out import Out
from dfdev.ui.plain import PlainReporter


class Reporter(Protocol):
    """A context manager; `emit` is called from several threads."""

    def emit(self, event: Event) -> None: ...

    def asking(self) -> AbstractContextManager[None]:
        """The terminal is somebody else's meanwhile: for a question."""

    def __enter__(self) -> Reporter: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def reporter_for(out: Out) -> Reporter:
    """Live only for a person who watches: a terminal that moves its cursor, no `--json`, `--quiet` or `--verbose`."""
    if out.colour_err and out.stderr.isatty() and not (out.as_json or out.quiet or out.verbose):
        from dfdev.ui.live import LiveReporter

        return LiveReporter(out)
    return PlainReporter(out)
