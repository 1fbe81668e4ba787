"""Arguments and options that several commands share. Only Typer is imported here: completion reads this."""

from __future__ import annotations

from typing import Annotated

import typer

from dfdev.cli.complete import service_names

Services = Annotated[
    list[str] | None,
    typer.Argument(metavar="[SVC]...", help="Only these services.", autocompletion=service_names, show_default=False),
]
Service = Annotated[str, typer.Argument(metavar="SVC", help="A running service.", autocompletion=service_names)]
User = Annotated[str, typer.Option("--user", "-u", help="As this user of the container.", show_default=False)]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask: data may go, a machine may be restarted.")]
DryRun = Annotated[bool, typer.Option("--dry-run", "-n", help="Print the plan and change nothing.")]
