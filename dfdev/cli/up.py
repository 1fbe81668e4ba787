"""`dfdev up`."""

from __future__ import annotations

from typing import Annotated

import typer

from dfdev.cli.arguments import DryRun, Services, Yes
from dfdev.cli.common import Common
from dfdev.cli.options import command

app = typer.Typer(add_completion=False)

RemoveOrphans = Annotated[bool, typer.Option("--remove-orphans", help="Remove services that left dfdev.toml.")]


@command(app)
def up(
    common: Common,
    services: Services = None,
    dry_run: DryRun = False,
    remove_orphans: RemoveOrphans = False,
    yes: Yes = False,
) -> None:
    """Bring the workspace up: start what is missing, prove the mounts, wait until everything serves.

    With services: only these, and what they need.
    """
    from dfdev.cli.session import site_of
    from dfdev.cli.upping import run_up, show_dry_run, show_result
    from dfdev.core.reconcile import Choices

    choices = Choices(only=frozenset(services or ()), remove_orphans=remove_orphans)
    if dry_run:
        show_dry_run(common, site_of(common, files=True), choices)
    else:
        show_result(common, *run_up(common, choices, yes))
