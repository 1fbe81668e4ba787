"""`dfdev allow`."""

from __future__ import annotations

from typing import Annotated

import typer

from dfdev.cli.common import Common
from dfdev.cli.options import command

app = typer.Typer(add_completion=False)


@command(app)
def allow(
    common: Common, yes: Annotated[bool, typer.Option("--yes", "-y", help="Agree to all that is asked for.")] = False
) -> None:
    """Show what this workspace asks for beyond its containers (folders, another engine), and remember your answer."""
    from dfdev.cli.allowing import run_allow

    run_allow(common, yes)
