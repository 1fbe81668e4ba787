"""`dfdev images`."""

from __future__ import annotations

import time
from typing import Annotated

import typer

from dfdev.cli.arguments import DryRun
from dfdev.cli.common import Common
from dfdev.cli.ground import ground_of
from dfdev.cli.options import command, group
from dfdev.cli.righting import right_clock
from dfdev.images.bootstrap import Recipe, plan_bootstrap
from dfdev.images.bootstrap import bootstrap as build_images
from dfdev.images.catalog import CATALOG
from dfdev.resources import templates_dir
from dfdev.ui.reporter import reporter_for

app = group("The images that services run on.")


def _names() -> list[str]:
    return [image.name for image in CATALOG]


def _help() -> str:
    shown = [f"{image.name}[:VERSION]" if image.version_arg else image.name for image in CATALOG]
    return "Only these: " + ", ".join(shown) + "."


Names = Annotated[
    list[str] | None,
    typer.Argument(metavar="[NAME]...", help=_help(), autocompletion=_names),
]


@command(app)
def bootstrap(common: Common, names: Names = None, dry_run: DryRun = False) -> None:
    """Make dfdev's own images: on Debian from Docker Hub where it answers, else from Debian packages alone."""
    ground = ground_of(common)
    engine = ground.engine
    recipe = Recipe.of(templates_dir(), common.environ)
    steps = plan_bootstrap(engine, recipe, names or ())
    plan = [str(step) for step in steps]
    if dry_run:
        common.out.data("\n".join(plan) or "nothing to do: every image is there")
        common.out.document({"plan": plan, "seconds": 0.0})
        return
    right_clock(common, ground.keeper())
    begun = time.monotonic()
    with reporter_for(common.out) as reporter:
        build_images(engine, recipe, steps, reporter.emit)
    seconds = time.monotonic() - begun
    common.out.say(f"{len(steps)} image(s) made in {seconds:.0f} s" if steps else "every image is there")
    common.out.document({"plan": plan, "seconds": round(seconds, 2)})
