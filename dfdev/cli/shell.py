"""`dfdev shell`."""

from __future__ import annotations

import typer

from dfdev.cli.exec import Service, User
from dfdev.cli.options import Common, command
from dfdev.cli.session import site_of
from dfdev.stack.enter import SHELL, enter

app = typer.Typer()


@command(app)
def shell(common: Common, service: Service, user: User = "") -> None:
    """A shell in a service's container: bash where its image has one, else sh."""
    raise typer.Exit(enter(site_of(common), service, list(SHELL), user, common.out))
