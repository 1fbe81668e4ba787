"""Signals as values, for a loop around `select`: nothing is interrupted in the middle."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from types import FrameType, TracebackType


class Signals:
    """While inside, these signals only make `fileno` readable. Those that were ignored (`nohup`) stay so. In another
    than the main thread nothing is changed, and none ever comes.
    """

    def __init__(self, *numbers: int) -> None:
        self._numbers = numbers
        self._before: dict[int, object] = {}
        self._reader = self._writer = self._woken = -1

    def __enter__(self) -> Signals:
        self._reader, self._writer = os.pipe()
        for fd in (self._reader, self._writer):
            os.set_blocking(fd, False)
        if threading.current_thread() is threading.main_thread():
            self._woken = signal.set_wakeup_fd(self._writer, warn_on_full_buffer=False)
            for number in self._numbers:
                if signal.getsignal(number) != signal.SIG_IGN:
                    self._before[number] = signal.signal(number, _noted)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if threading.current_thread() is threading.main_thread():
            signal.set_wakeup_fd(self._woken)
        for number, handler in self._before.items():
            # None: somebody else's, which Python cannot put back.
            signal.signal(number, signal.SIG_DFL if handler is None else handler)  # type: ignore[arg-type]
        os.close(self._reader)
        os.close(self._writer)

    def fileno(self) -> int:
        return self._reader

    def take(self) -> list[int]:
        """Those that came since."""
        with contextlib.suppress(BlockingIOError):
            return [number for number in os.read(self._reader, 4096) if number in self._numbers]
        return []


def _noted(_number: int, _frame: FrameType | None) -> None:
    """The wake-up pipe has it already."""
