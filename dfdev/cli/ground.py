"""The machine and its engine for commands that need no workspace, and use the one around them if there is one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dfdev.cli.common import Common
from dfdev.cli.nearby import must_be_near
from dfdev.cli.opened import opened
from dfdev.clock.keeping import Keeper
from dfdev.core.frozen import dataclass
from dfdev.core.observed import EngineInfo
from dfdev.engine.open import OpenEngine, open_engine
from dfdev.errors import ConfigError, EngineError
from dfdev.machines.locate import Located, locate
from dfdev.machines.place import Place
from dfdev.stack.keeper import keeper_for
from dfdev.system.commands import HostCommands
from dfdev.workspace.consent import machine_of
from dfdev.workspace.locate import find_home
from dfdev.workspace.schema import Machine
from dfdev.workspace.workspace import Workspace


@dataclass(frozen=True)
class Ground:
    """`workspace` is None outside of any."""

    workspace: Workspace | None
    commands: HostCommands
    located: Located
    engine: OpenEngine

    def place(self, info: EngineInfo | None = None) -> Place:
        return self.located.place(info, self.commands)

    def place_asked(self) -> Place:
        """Where the address does not tell whose the engine is, the engine is asked, if it answers."""
        if self.located.owner is not None:
            return self.place()
        try:
            return self.place(self.engine.info())
        except EngineError:
            return self.place()

    def keeper(self) -> Keeper:
        return keeper_for(self.workspace, self.engine, self.located, self.commands)


def ground_of(common: Common) -> Ground:
    """Nothing has been asked of the engine yet. ConfigError, MachineError, EngineError."""
    return ground_by(common, lambda commands, wanted: locate(commands, wanted.provider, wanted.profile))


def ground_by(common: Common, located_by: Callable[[HostCommands, Machine], Located]) -> Ground:
    """`located_by` is given `[machine]` of the workspace, or its defaults. ConfigError, and what it raises."""
    workspace, commands = workspace_around(common), HostCommands(common.environ)
    wanted = machine_of(workspace, common.environ) if workspace is not None else Machine()
    located = replace(located_by(commands, wanted), local=wanted.local)
    if workspace is not None:
        must_be_near(workspace, located)
    return Ground(workspace, commands, located, open_engine(located.endpoint, common.environ))


def workspace_around(common: Common) -> Workspace | None:
    """None where nobody names one; one that is named must hold. ConfigError."""
    try:
        find_home(common.home, common.environ)
    except ConfigError:
        if common.home or common.environ.get("DFHOME"):
            raise
        return None
    return opened(common)
