"""What happens while dfdev works, for reporters to show. Values only."""

from __future__ import annotations

from collections.abc import Callable

from dfdev.core.frozen import dataclass


@dataclass(frozen=True)
class Planned:
    """The steps that are about to be taken, by key, in order."""

    keys: tuple[str, ...]


@dataclass(frozen=True)
class Began:
    key: str
    reason: str = ""


@dataclass(frozen=True)
class Progress:
    """What a step is waiting for right now."""

    key: str
    text: str


@dataclass(frozen=True)
class Ended:
    key: str
    seconds: float


@dataclass(frozen=True)
class Failed:
    key: str
    message: str


@dataclass(frozen=True)
class Notice:
    """Worth knowing; `warning` when something is not as it should be."""

    text: str
    warning: bool = False


Event = Planned | Began | Progress | Ended | Failed | Notice
Emit = Callable[[Event], None]
