"""Trying again after being overtaken: the engine goes on with what a killed command had asked of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from dfdev.core.events import Emit, Notice
from dfdev.errors import Overtaken

_PAUSES = (0.3, 1.0, 2.0)
"""Seconds before each other attempt; starting a container takes the engine half a second."""

T = TypeVar("T")


def settled(attempt: Callable[[], T], emit: Emit) -> T:
    """What `attempt` gives. It looks at the engine afresh each time, so that it does only what is left to do."""
    for pause in _PAUSES:
        try:
            return attempt()
        except Overtaken as error:
            emit(Notice(f"something else is changing this workspace ({error.message}): looking again"))
            time.sleep(pause)
    return attempt()
