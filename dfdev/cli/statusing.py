"""What `dfdev status` does and shows."""

from __future__ import annotations

from dfdev.cli.common import Common
from dfdev.cli.session import site_of
from dfdev.cli.show import service_table
from dfdev.errors import DfdevError
from dfdev.stack.proof import must_hold
from dfdev.stack.status import status
from dfdev.stack.tell import unfinished_text


def show_status(common: Common) -> int:
    """The exit code: 1 when a mount is not what it should be."""
    site = site_of(common)
    found = status(site)
    out, info = common.out, found.info
    out.document(found.as_json())
    out.say(f"{site.workspace.name} in {site.workspace.home}, engine {info.version} ({site.endpoint.source})")
    out.data(service_table(out, found.rows, site.workspace.home, seconds=False))
    for name in found.unfinished:
        out.say(unfinished_text(name))
    try:
        must_hold(found.proofs, str(site.workspace.home), started_before=True)
    except DfdevError as error:
        out.complain(error)
        return error.code
    return 0
