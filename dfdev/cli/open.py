"""`dfdev open`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from dfdev.cli.arguments import Services
from dfdev.cli.common import Common
from dfdev.cli.options import command
from dfdev.core.typed import typed
from dfdev.errors import DfdevError, UsageError

if TYPE_CHECKING:
    from dfdev.stack.rows import ServiceRow

app = typer.Typer(add_completion=False)


@command(app, "open")
def open_service(common: Common, services: Services = None) -> None:
    """Open a service in the browser (the first one that speaks HTTP, when none is named) and print its URL."""
    from dfdev.cli.session import site_of
    from dfdev.stack.rows import service_rows
    from dfdev.system.browser import open_url

    site = site_of(common)
    desired, observed = site.look()
    rows = service_rows(desired, observed.containers, site.address)
    row = _choose(rows, [s.name for s in desired.services if s.kind == "app"], list(services or ()))
    if row.state != "running":
        raise DfdevError(f"{row.name} does not run ({row.state})", "start it with `dfdev up`")
    opened = open_url(row.url, common.environ)
    common.out.document({"service": row.name, "url": row.url, "opened": opened})
    common.out.data(row.url)
    if not opened:
        common.out.say("no browser found to open it with; set BROWSER")


def _choose(rows: list[ServiceRow], apps: list[str], names: list[str]) -> ServiceRow:
    if len(names) > 1:
        raise UsageError("one service at a time", typed("dfdev open", names[0]))
    candidates = [r for r in rows if r.url.startswith("http") and (r.name in names if names else r.name in apps)]
    if not candidates:
        what = f"{names[0]} has" if names else "no service has"
        raise DfdevError(f"{what} no web address", 'publish a port in dfdev.toml: ports = ["8000:80"]')
    return candidates[0]
