"""The keeper of an engine's clock, as `[clock]` of the workspace says; with its defaults outside of any."""

from __future__ import annotations

from dfdev.clock.keeping import Keeper
from dfdev.core.clock import beyond
from dfdev.engine.protocol import Engine
from dfdev.machines.locate import Located
from dfdev.stack.compile import image_refs
from dfdev.stack.site import Site
from dfdev.system.commands import Commands
from dfdev.workspace.schema import Clock
from dfdev.workspace.values import parse_seconds
from dfdev.workspace.workspace import Workspace


def keeper_of(site: Site) -> Keeper:
    """Of the engine that a workspace runs on."""
    return keeper_for(site.workspace, site.engine, site.located, site.commands)


def keeper_for(workspace: Workspace | None, engine: Engine, located: Located, commands: Commands) -> Keeper:
    """The workspace's own images are the first that a helper container is made of."""
    clock = workspace.config.clock if workspace is not None else Clock()
    images = image_refs(workspace) if workspace is not None else []
    return Keeper(engine, located, commands, beyond(parse_seconds(clock.tolerance)), clock.correct, images)
