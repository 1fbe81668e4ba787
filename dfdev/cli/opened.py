"""The workspace of a command, whose secrets are known from then on to all that prints."""

from __future__ import annotations

from dfdev.cli.common import Common
from dfdev.workspace.load import open_workspace
from dfdev.workspace.workspace import Workspace


def opened(common: Common, *, files: bool = False) -> Workspace:
    """ConfigError. `files`: its folders and env files must exist."""
    known, committed = common.secrets, common.committed
    workspace = open_workspace(common.home, common.environ, files=files, secrets=known, committed=committed)
    if workspace.config.frontend is not None:
        _learn_tokens(common)
    return workspace


def _learn_tokens(common: Common) -> None:
    """Those of npm: builds and tools get them, and may repeat them."""
    from dfdev.trust.npmrc import tokens

    for token in tokens(common.environ):
        common.secrets.learn(token, named=True)
