"""A machine that dfdev.toml chose and that runs in a cloud is another computer."""

from __future__ import annotations

from dfdev.machines.locate import Located
from dfdev.workspace.consent import must_be_allowed
from dfdev.workspace.workspace import Workspace


def must_be_near(workspace: Workspace, located: Located) -> None:
    """NotAllowed. What the user's own docker leads to is the user's choice."""
    machine = located.machine
    if machine is not None and machine.cloud and workspace.config.machine.provider == machine.provider:
        must_be_allowed(workspace, machine.label)
