"""`dfdev exec`."""

from __future__ import annotations

from typing import Annotated

import typer

from dfdev.cli.complete import service_names
from dfdev.cli.options import Common, command
from dfdev.cli.session import site_of
from dfdev.stack.enter import enter

app = typer.Typer()

Service = Annotated[str, typer.Argument(metavar="SVC", help="A running service.", autocompletion=service_names)]
User = Annotated[str, typer.Option("--user", "-u", help="As this user of the container.", show_default=False)]


@command(app, "exec", context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
def exec_in(
    common: Common,
    service: Service,
    argv: Annotated[list[str], typer.Argument(metavar="CMD...", help="The command and its arguments.")],
    user: User = "",
) -> None:
    """Run a command in a service's container: your terminal where there is one, its exit code in any case."""
    raise typer.Exit(enter(site_of(common), service, argv, user, common.out))
