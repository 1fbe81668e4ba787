"""`dfdev shell`."""

from __future__ import annotations

import typer

from dfdev.cli.arguments import Service, User
from dfdev.cli.exec import enter
from dfdev.cli.options import Common, command

app = typer.Typer(add_completion=False)


@command(app)
def shell(common: Common, service: Service, user: User = "") -> None:
    """A shell in a service's container: bash where its image has one, else sh."""
    from dfdev.stack.enter import SHELL

    raise typer.Exit(enter(common, service, SHELL, user, needs_terminal=True))
