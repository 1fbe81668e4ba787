"""Carries a plan out: every step as soon as the steps it waits for are done. No decision is taken here."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable

from dfdev.core.events import Began, Emit, Ended, Failed, Planned
from dfdev.core.plan import Action, Plan
from dfdev.errors import DfdevError

Act = Callable[[Action], None]


def execute(plan: Plan, act: Act, emit: Emit) -> dict[str, float]:
    """Seconds per step key. After a failure no new step begins; the steps under way end first, then it is raised.

    Threads are daemons: an interrupt ends the process at once, and the next `up` takes it from there.
    """
    emit(Planned(tuple(a.key for a in plan.actions)))
    run = _Run(act, emit)
    waiting = list(plan.actions)
    while waiting or run.under_way:
        ready = [a for a in waiting if run.done.keys() >= set(a.after)] if not run.failures else []
        if not ready and not run.under_way:
            break
        for action in ready:
            waiting.remove(action)
            run.begin(action)
        run.settle_one()
    if run.failures:
        raise _one_error(run.failures)
    return run.done


class _Run:
    def __init__(self, act: Act, emit: Emit) -> None:
        self.done: dict[str, float] = {}
        self.failures: list[Exception] = []
        self.under_way = 0
        self._act = act
        self._emit = emit
        self._ended: queue.SimpleQueue[tuple[Action, float, Exception | None]] = queue.SimpleQueue()

    def begin(self, action: Action) -> None:
        self.under_way += 1
        self._emit(Began(action.key, action.reason))
        threading.Thread(target=self._work, args=(action,), daemon=True).start()

    def _work(self, action: Action) -> None:
        began = time.monotonic()
        error: Exception | None = None
        try:
            self._act(action)
        except Exception as raised:
            error = raised
        self._ended.put((action, time.monotonic() - began, error))

    def settle_one(self) -> None:
        action, seconds, error = self._ended.get()
        self.under_way -= 1
        if error is None:
            self.done[action.key] = seconds
            self._emit(Ended(action.key, seconds))
        else:
            self.failures.append(error)
            self._emit(Failed(action.key, str(error)))


def _one_error(failures: list[Exception]) -> Exception:
    """The first failure; the others as details under it."""
    first, *others = failures
    if others and isinstance(first, DfdevError):
        first.details = (*first.details, *(f"also: {other}" for other in others))
    return first
