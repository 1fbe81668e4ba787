"""`dfdev ca`: certificates of the company's own CA, for containers and builds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dfdev.cli.common import Common
from dfdev.cli.complete import certificate_names
from dfdev.cli.options import command, group

app = group("Certificates that containers and builds trust in, besides what this computer does.")

Files = Annotated[list[Path], typer.Argument(metavar="FILE...", help="PEM or DER; a file may hold several.")]
Names = Annotated[
    list[str],
    typer.Argument(metavar="NAME...", help="As `dfdev ca list` shows it.", autocompletion=certificate_names),
]
Url = Annotated[str, typer.Argument(metavar="URL", help="https://HOST, of a registry for example.")]


@command(app)
def add(common: Common, files: Files) -> None:
    """Trust in the CA of your company's network: node, npm, bower, git, pip and apt, in containers and builds."""
    from dfdev.cli.ca_state import run_add

    run_add(common, files)


@command(app, "list")
def list_(common: Common) -> None:
    """The certificates that were added, and where this computer's own are from."""
    from dfdev.cli.ca_state import run_list

    run_list(common)


@command(app)
def rm(common: Common, names: Names) -> None:
    """No longer trust in these."""
    from dfdev.cli.ca_state import run_rm

    run_rm(common, names)


@command(app)
def check(common: Common, url: Url) -> None:
    """Whether containers will trust in that server; who signed its certificate, where they will not."""
    from dfdev.cli.ca_state import run_check

    run_check(common, url)
