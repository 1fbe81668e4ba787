"""From the options of a command to the workspace and its engine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from dfdev.cli.common import Common
from dfdev.cli.nearby import must_be_near
from dfdev.cli.opened import opened
from dfdev.engine.open import open_engine
from dfdev.machines.locate import locate
from dfdev.stack.compile import is_watched
from dfdev.stack.site import Site
from dfdev.system.commands import HostCommands
from dfdev.system.folders import developer
from dfdev.workspace.consent import machine_of

if TYPE_CHECKING:
    from dfdev.machines.choose import Choice, Several


def site_of(common: Common, *, files: bool = False, pick: Callable[[Several], Choice] | None = None) -> Site:
    """The workspace and its engine; nothing has been asked of the engine yet. ConfigError, MachineError.

    `files`: its folders and env files must exist. Only `up` needs them: what runs can be looked at without.
    `pick`: asks which machine, where several would do.
    """
    workspace = opened(common, files=files)
    machine = machine_of(workspace, common.environ)
    commands = HostCommands(common.environ)
    located = replace(locate(commands, machine.provider, machine.profile, pick), local=machine.local)
    must_be_near(workspace, located)
    uid, gid = developer(workspace.home)
    site = Site(workspace, located, open_engine(located.endpoint, common.environ), uid, gid, commands)
    if not is_watched(workspace):
        return site
    from dfdev.frontend.watching import with_watcher

    return with_watcher(site)
