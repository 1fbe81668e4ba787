"""`dfdev demo`."""

from __future__ import annotations

from typing import Annotated

import typer

from dfdev.cli.common import Common
from dfdev.cli.options import command

app = typer.Typer(add_completion=False)

_FOLDER = "dfdev-demo"

Folder = Annotated[
    str | None, typer.Argument(metavar="[DIR]", help=f"Where to write it; by default ./{_FOLDER}.", show_default=False)
]
NoUp = Annotated[bool, typer.Option("--no-up", help="Only write the files; the engine is not asked.")]


@command(app)
def demo(common: Common, folder: Folder = None, no_up: NoUp = False) -> None:
    """Show what dfdev does: a Django app on MySQL and a local registry, written into a folder and brought up."""
    from pathlib import Path

    from dfdev.cli.demoing import run_demo

    run_demo(common, Path(folder or common.home or _FOLDER).expanduser(), no_up)
