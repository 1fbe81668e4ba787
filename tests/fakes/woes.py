"""What goes wrong with the engine in memory."""

from __future__ import annotations

from collections.abc import Mapping

from dfdev.errors import EngineAbsent


class Woes:
    """`fail_on`: "start www" -> the error that it raises, every time; `lives`: acting calls until it is gone."""

    def __init__(self, fail_on: Mapping[str, Exception], lives: int | None) -> None:
        self._errors = dict(fail_on)
        self._left: dict[str, int] = {}
        self.lives = lives

    def must_be_alive(self) -> None:
        if self.lives == 0:
            raise EngineAbsent("no Docker engine: it died", "start it")

    def act(self, call: str) -> None:
        """One call nearer to the end; raises what this one is to raise."""
        if self.lives is not None:
            self.lives -= 1
        error = self._errors.get(call)
        if call in self._left:
            self._left[call] -= 1
            if not self._left[call]:
                del self._errors[call], self._left[call]
        if error is not None:
            raise error

    def fail(self, call: str, error: Exception, times: int) -> None:
        """`times`: 0 for ever."""
        self._errors[call] = error
        if times:
            self._left[call] = times

    def heal(self) -> None:
        self._errors.clear()
        self._left.clear()
