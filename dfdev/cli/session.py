"""From the options of a command to the workspace and its engine."""

from __future__ import annotations

from dfdev.cli.common import Common
from dfdev.engine.endpoint import resolve
from dfdev.engine.open import open_engine
from dfdev.stack.site import Site
from dfdev.system.folders import developer
from dfdev.workspace.load import open_workspace


def site_of(common: Common, *, files: bool = False) -> Site:
    """The workspace and its engine; nothing has been asked of the engine yet. ConfigError.

    `files`: its folders and env files must exist. Only `up` needs them: what runs can be looked at without.
    """
    workspace = open_workspace(common.home, common.environ, files=files)
    endpoint = resolve(common.environ)
    uid, gid = developer(workspace.home)
    return Site(workspace, endpoint, open_engine(endpoint, common.environ), uid, gid, common.environ)
