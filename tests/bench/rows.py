"""The rows of the table: which measurement is divided by which, and what the ratio should be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Unit = Literal["s", "MB"]


@dataclass(frozen=True)
class Row:
    """`phase/action/side` names a series of samples. With `absolute`, `goals` bound dfdev's own median, in `unit`.

    Several goals are reached one after another; the first is the one that has to be met now.
    """

    key: str
    title: str
    peer_title: str
    ours: str
    peer: str
    goals: tuple[float, ...]
    unit: Unit = "s"
    absolute: bool = False

    @property
    def phases(self) -> frozenset[str]:
        return frozenset(series.partition("/")[0] for series in (self.ours, self.peer) if series)


_UP = "docker compose up -d --wait"
_DOWN = "docker compose down"

ROWS = (
    Row("version", "`--version`", "`docker compose version`", "start/version/dfdev", "start/version/compose", (0.5,)),
    Row("completion", "completing a service's name", "", "start/completion/dfdev", "", (0.1,), absolute=True),
    Row(
        "three-status",
        "three services: `status`",
        "`docker compose ps`",
        "three-warm/status/dfdev",
        "three-warm/status/compose",
        (1.5, 1.0),
    ),
    Row(
        "three-up-warm",
        "three services: `up`, all running",
        f"`{_UP}`",
        "three-warm/up/dfdev",
        "three-warm/up/compose",
        (0.25,),
    ),
    Row(
        "three-up-cold",
        "three services: `up`, nothing running",
        f"`{_UP}`",
        "three-cold/up/dfdev",
        "three-cold/up/compose",
        (0.9,),
    ),
    Row(
        "three-down",
        "three services: `down`, the app ignores SIGTERM",
        f"`{_DOWN}`",
        "three-cold/down/dfdev",
        "three-cold/down/compose",
        (0.2,),
    ),
    Row(
        "three-down-init",
        "three services: `down`, compose has `init: true` too",
        f"`{_DOWN}`",
        "three-cold/down/dfdev",
        "three-cold/down/compose-init",
        (0.8,),
    ),
    Row(
        "forty-status",
        "40 services: `status`",
        "`docker compose ps`",
        "forty-warm/status/dfdev",
        "forty-warm/status/compose-init",
        (1.5, 1.0),
    ),
    Row(
        "forty-up-warm",
        "40 services: `up`, all running",
        f"`{_UP}`",
        "forty-warm/up/dfdev",
        "forty-warm/up/compose-init",
        (0.5,),
    ),
    Row(
        "forty-up-cold",
        "40 services: `up`, nothing running",
        f"`{_UP}`",
        "forty-cold/up/dfdev",
        "forty-cold/up/compose-init",
        (0.9,),
    ),
    Row(
        "forty-down",
        "40 services: `down`, `init: true` in both",
        f"`{_DOWN}`",
        "forty-cold/down/dfdev",
        "forty-cold/down/compose-init",
        (0.8,),
    ),
    Row(
        "memory-warm",
        "peak memory of `up`, three services, all running",
        f"`{_UP}`",
        "three-warm/up/dfdev",
        "three-warm/up/compose",
        (60.0,),
        "MB",
        absolute=True,
    ),
    Row(
        "memory-cold",
        "peak memory of `up`, three services, nothing running",
        f"`{_UP}`",
        "three-cold/up/dfdev",
        "three-cold/up/compose",
        (60.0,),
        "MB",
        absolute=True,
    ),
    Row(
        "memory-forty",
        "peak memory of `up`, 40 services, nothing running",
        f"`{_UP}`",
        "forty-cold/up/dfdev",
        "forty-cold/up/compose-init",
        (60.0,),
        "MB",
        absolute=True,
    ),
)
