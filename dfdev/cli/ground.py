"""The machine and its engine for commands that need no workspace, and use the one around them if there is one."""

from __future__ import annotations

from dfdev.cli.common import Common
from dfdev.clock.keeping import Keeper
from dfdev.core.clock import beyond
from dfdev.core.frozen import dataclass
from dfdev.core.observed import EngineInfo
from dfdev.engine.open import OpenEngine, open_engine
from dfdev.errors import ConfigError, EngineError
from dfdev.machines.locate import Located, locate
from dfdev.machines.place import Place
from dfdev.stack.compile import image_refs
from dfdev.system.commands import HostCommands
from dfdev.workspace.load import open_workspace
from dfdev.workspace.locate import find_home
from dfdev.workspace.schema import Config
from dfdev.workspace.values import parse_seconds
from dfdev.workspace.workspace import Workspace


@dataclass(frozen=True)
class Ground:
    """`workspace` is None outside of any."""

    workspace: Workspace | None
    commands: HostCommands
    located: Located
    engine: OpenEngine

    @property
    def config(self) -> Config:
        return self.workspace.config if self.workspace is not None else Config()

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
        clock = self.config.clock
        images = image_refs(self.workspace) if self.workspace is not None else []
        tolerance = beyond(parse_seconds(clock.tolerance))
        return Keeper(self.engine, self.located, self.commands, tolerance, clock.correct, images)


def ground_of(common: Common) -> Ground:
    """Nothing has been asked of the engine yet. ConfigError, MachineError, EngineError."""
    workspace = workspace_around(common)
    commands = HostCommands(common.environ)
    machine = workspace.config.machine if workspace is not None else Config().machine
    located = locate(commands, machine.provider, machine.profile)
    return Ground(workspace, commands, located, open_engine(located.endpoint, common.environ))


def workspace_around(common: Common) -> Workspace | None:
    """None where nobody names one; one that is named must hold. ConfigError."""
    try:
        find_home(common.home, common.environ)
    except ConfigError:
        if common.home or common.environ.get("DFHOME"):
            raise
        return None
    return open_workspace(common.home, common.environ, files=False)
