"""`dfdev status`."""

from __future__ import annotations

import typer

from dfdev.cli.options import Common, command
from dfdev.errors import DfdevError

app = typer.Typer(add_completion=False)


@command(app)
def status(common: Common) -> None:
    """What runs, where, and whether its mounts are what they should be."""
    from dfdev.cli.session import site_of
    from dfdev.cli.show import service_table
    from dfdev.stack.proof import must_hold
    from dfdev.stack.status import status as look

    site = site_of(common)
    found = look(site)
    out, info = common.out, found.info
    out.document(found.as_json())
    out.say(f"{site.workspace.name} in {site.workspace.home}, engine {info.version} ({site.endpoint.source})")
    out.data(service_table(out, found.rows, site.workspace.home, seconds=False))
    try:
        must_hold(found.proofs, str(site.workspace.home), started_before=True)
    except DfdevError as error:
        out.complain(error)
        raise typer.Exit(error.code) from None
