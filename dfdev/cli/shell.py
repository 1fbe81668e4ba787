"""`dfdev shell`."""

from __future__ import annotations

import typer

from dfdev.cli.arguments import Service, User
from dfdev.cli.common import Common
from dfdev.cli.exec import enter
from dfdev.cli.options import command

app = typer.Typer(add_completion=False)


@command(app)
def shell(common: Common, service: Service, user: User = "") -> int:
    """A shell in a service's container: bash where its image has one, else sh."""
    from dfdev.stack.enter import SHELL

    return enter(common, service, SHELL, user, needs_terminal=True)
