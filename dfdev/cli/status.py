"""`dfdev status`."""

from __future__ import annotations

import typer

from dfdev.cli.common import Common
from dfdev.cli.options import command

app = typer.Typer(add_completion=False)


@command(app)
def status(common: Common) -> int:
    """What runs, where, and whether its mounts are what they should be."""
    from dfdev.cli.statusing import show_status

    return show_status(common)
