"""`dfdev restart`."""

from __future__ import annotations

import typer

from dfdev.cli.arguments import DryRun, Services
from dfdev.cli.common import Common
from dfdev.cli.options import command

app = typer.Typer(add_completion=False)


@command(app)
def restart(common: Common, services: Services = None, dry_run: DryRun = False) -> None:
    """Stop and start the same containers, in the order of their needs, and wait until they serve."""
    from dfdev.cli.changing import changing
    from dfdev.cli.righting import right_clock
    from dfdev.cli.session import site_of
    from dfdev.cli.show import plan_lines, service_table, show_plan
    from dfdev.stack.keeper import keeper_of
    from dfdev.stack.restart import plan_restart
    from dfdev.stack.restart import restart as run_restart
    from dfdev.ui.reporter import reporter_for

    site, only = site_of(common), frozenset(services or ())
    if dry_run:
        plan = plan_restart(site, only)
        show_plan(common.out, plan, "nothing to do: there are no containers")
        common.out.document({"plan": plan_lines(plan), "services": []})
        return
    right_clock(common, keeper_of(site))
    with reporter_for(common.out) as reporter, changing(common, site, "dfdev restart", reporter.emit):
        result = run_restart(site, plan_restart(site, only), reporter.emit)
    rows = [row.as_json() for row in result.rows]
    common.out.document({"plan": plan_lines(result.plan), "services": rows})
    common.out.data(service_table(common.out, result.rows, site.workspace.home, seconds=False))
