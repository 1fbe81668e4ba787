"""A machine's root shell that stays open between its uses: a login takes longer than setting a clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from dfdev.errors import MachineError
from dfdev.machines.place import Place
from dfdev.system.dialogue import Shell

_PULSE = 1.0
"""Seconds within which a shell that lives says so. One whose connection died in a sleep never would."""


class KeptShell:
    """One shell, of the place that was asked for last. Used by one thread at a time."""

    def __init__(self) -> None:
        self._place: Place | None = None
        self._shell: Shell | None = None

    @contextmanager
    def open_root(self, place: Place) -> Iterator[Shell]:
        """The shell that is open, or a new one where there is none or it is dead. MachineError."""
        shell = self._living(place)
        try:
            yield shell
        except MachineError:
            self.close()
            raise

    def close(self) -> None:
        shell, self._shell = self._shell, None
        if shell is not None:
            shell.__exit__(None, None, None)

    def _living(self, place: Place) -> Shell:
        if self._shell is not None and self._place is place and _lives(self._shell):
            return self._shell
        self.close()
        self._place, self._shell = place, place.open_root().__enter__()
        return self._shell


def _lives(shell: Shell) -> bool:
    try:
        return shell.ask("true", timeout=_PULSE).code == 0
    except MachineError:
        return False
