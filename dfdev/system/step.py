"""A step of a command, told as it begins and as it ends."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from dfdev.core.events import Began, Emit, Ended, Failed
from dfdev.errors import DfdevError


@contextmanager
def step(key: str, emit: Emit, reason: str = "") -> Iterator[Callable[[], float]]:
    """Gives the seconds since it began. A DfdevError inside is told as its failure and goes on."""
    emit(Began(key, reason))
    began = time.monotonic()
    try:
        yield lambda: time.monotonic() - began
    except DfdevError as error:
        emit(Failed(key, error.message))
        raise
    emit(Ended(key, time.monotonic() - began))
