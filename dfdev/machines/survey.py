"""Every provider's machines at once; one whose command hangs or talks nonsense does not spoil the others."""

from __future__ import annotations

from collections.abc import Sequence

from dfdev.core.frozen import dataclass
from dfdev.core.machine import Machine
from dfdev.errors import MachineError
from dfdev.machines import catalog
from dfdev.system.commands import Commands
from dfdev.system.parallel import spread


@dataclass(frozen=True)
class Found:
    """What is known of one provider. `installed`: path of its command or application, "" when it is not there.

    `problem`: why its machines are not known.
    """

    provider: str
    installed: str = ""
    machines: tuple[Machine, ...] = ()
    problem: MachineError | None = None


def survey(commands: Commands, names: Sequence[str] = catalog.NAMES) -> list[Found]:
    """In the order of `names`. It takes as long as the slowest command, LOOK_SECONDS each at most."""
    return spread(lambda name: look(commands, name), names, workers=len(names))


def look(commands: Commands, name: str) -> Found:
    """One provider."""
    provider = catalog.provider(name)
    path = provider.installed(commands)
    if not path:
        return Found(name)
    try:
        return Found(name, path, tuple(provider.machines(commands)))
    except MachineError as error:
        return Found(name, path, problem=error)
