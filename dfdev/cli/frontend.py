"""`dfdev frontend`: the front-end folder and its container."""

from __future__ import annotations

from typing import Annotated

import typer

from dfdev.cli.common import Common
from dfdev.cli.options import command

app = typer.Typer(no_args_is_help=True, add_completion=False)

Image = Annotated[
    str, typer.Option("--image", metavar="REF", help="Bake the assets into an image of that name.", show_default=False)
]


@app.callback()
def frontend() -> None:
    """The front end: its scaffold, its container, its build."""


@command(app)
def build(common: Common, image: Image = "") -> int:
    """Make the assets as CI makes them: the locked modules, the same bytes everywhere."""
    from dfdev.cli.frontend_build import run_build, run_image

    return run_image(common, image) if image else run_build(common)


@command(app)
def shell(common: Common) -> int:
    """A shell in the front-end container, in the folder that you are in."""
    from dfdev.cli.tooling import run_tool
    from dfdev.stack.enter import SHELL

    return run_tool(common, SHELL)


@command(app)
def status(common: Common) -> None:
    """Node, image, modules; native events or polling, and how long the last save took to be built."""
    from dfdev.cli.frontend_build import run_status

    run_status(common)
