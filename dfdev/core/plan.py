"""A plan: what `up` or `down` is going to do, in order, each step with its reason.

Its text is what `--dry-run` prints, and the format of the tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from dfdev.core.desired import Service
from dfdev.core.frozen import dataclass

Verb = Literal[
    "pull image",
    "create network",
    "connect",
    "create",
    "start",
    "unpause",
    "stop",
    "remove",
    "rename",
    "remove network",
    "remove volume",
    "wait for",
]


@dataclass(frozen=True)
class Action:
    """One step: one engine call, or (`wait for`) polling until a service is ready.

    `subject` is what it acts on as users call it (a service, an image, a network); `target` is the id of the
    container or network that it acts on, "" when an earlier step makes it; of a `create` the container whose place
    the new one is to take. `after` names the keys of the steps that must have succeeded before. `name`: the
    container's, of a `create` and a `rename`.
    """

    verb: Verb
    subject: str
    reason: str
    service: Service | None = None
    target: str = ""
    after: tuple[str, ...] = ()
    name: str = ""
    with_data: bool = False
    """Of a removal: what only this container knows (its anonymous volumes) goes too. Who asks for it has asked the
    user.
    """
    volumes: Mapping[str, str] = field(default_factory=dict)
    """Of a creation: path -> volume of the container that goes for it."""

    @property
    def key(self) -> str:
        return f"{self.verb} {self.subject}"

    def __str__(self) -> str:
        return f"{self.key} ({self.reason})"


@dataclass(frozen=True)
class Orphan:
    """A container of this workspace whose service is no longer in the file."""

    service: str
    container: str
    stateful: bool = False


@dataclass(frozen=True)
class Loss:
    """Data that the plan would remove and the image cannot give back."""

    service: str
    container: str
    reason: str
    beyond: Literal["", "dead", "removing"] = ""
    """Set for a container that cannot be left as it is either: it will not run again."""


@dataclass(frozen=True)
class Guest:
    """Another's container that runs in the workspace's network, which therefore stays."""

    container: str
    network: str


@dataclass(frozen=True)
class Plan:
    actions: tuple[Action, ...] = ()
    orphans: tuple[Orphan, ...] = ()
    """Found and left alone."""
    losses: tuple[Loss, ...] = ()
    kept: tuple[Loss, ...] = ()
    """Containers that differ from the file, left as they are because recreating them would lose their data."""
    look_alikes: tuple[str, ...] = ()
    """Containers with this workspace's labels that are not its own: left alone under every verb."""
    unfinished: tuple[str, ...] = ()
    """Services whose container a killed command was about to replace, which this plan does not finish."""
    forgotten: tuple[str, ...] = ()
    """The same, where the container that was to come has never run: it goes, and everything is as before."""
    guests: tuple[Guest, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.actions)

    def __str__(self) -> str:
        """One line a step: the steps it waits for in brackets. The test format, too."""
        return "\n".join(_line(action) for action in self.actions)


def _line(action: Action) -> str:
    after = f" [after {', '.join(action.after)}]" if action.after else ""
    return f"{action}{after}"
