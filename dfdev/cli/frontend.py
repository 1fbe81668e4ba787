"""`dfdev frontend`: the front-end folder and its container."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dfdev.cli.arguments import DryRun
from dfdev.cli.common import Common
from dfdev.cli.options import command, group
from dfdev.errors import UsageError

app = group("The front end: its scaffold, its container, its build.")

Image = Annotated[
    str, typer.Option("--image", metavar="REF", help="Bake the assets into an image of that name.", show_default=False)
]

Folder = Annotated[
    Path | None, typer.Argument(metavar="[DIR]", help="Where; frontend in DFHOME by default.", show_default=False)
]
Preset = Annotated[
    str, typer.Option("--preset", help="current, or legacy: the tools of 2014, with phantomjs.", show_default=False)
]
Node = Annotated[str, typer.Option("--node", metavar="VERSION", help="24, 20.11.1, …", show_default=False)]
Grunt = Annotated[
    str, typer.Option("--grunt", metavar="VERSION", help="Another than the preset's.", show_default=False)
]
Bower = Annotated[
    str, typer.Option("--bower", metavar="VERSION", help="Another than the preset's.", show_default=False)
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Write what differs too.")]


@command(app)
def init(
    common: Common,
    folder: Folder = None,
    preset: Preset = "",
    node: Node = "",
    grunt: Grunt = "",
    bower: Bower = "",
    yes: Yes = False,
    dry_run: DryRun = False,
) -> int:
    """Write a front end that builds, watches and tests itself, or add what a project needs that is there already.

    Nothing of a project is overwritten unasked; again later, it shows what a newer scaffold would change.
    """
    from dfdev.cli.frontend_init import run_init

    return run_init(common, folder, preset=preset, node=node, grunt=grunt, bower=bower, yes=yes, dry_run=dry_run)


@command(app)
def build(common: Common, image: Image = "") -> int:
    """Make the assets as CI makes them: the locked modules, the same bytes everywhere."""
    from dfdev.cli.frontend_build import run_build, run_image

    return run_image(common, _reference(image)) if image else run_build(common)


def _reference(text: str) -> str:
    from dfdev.workspace.image_reference import parse_image
    from dfdev.workspace.values import UnfitError

    try:
        return parse_image(text)
    except UnfitError as unfit:
        hint = unfit.hint.replace("write image = ", "--image ") or unfit.expected
        raise UsageError(f"--image {text!r} is no reference of an image", hint) from unfit


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
