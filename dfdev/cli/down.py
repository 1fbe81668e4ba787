"""`dfdev down`."""

from __future__ import annotations

from typing import Annotated

import typer

from dfdev.cli.arguments import DryRun, Yes
from dfdev.cli.common import Common
from dfdev.cli.options import command
from dfdev.core.plan import Loss, Plan
from dfdev.core.typed import typed

app = typer.Typer(add_completion=False)


@command(app)
def down(
    common: Common,
    data: Annotated[
        bool, typer.Option("--data", help="Remove the data too: the database, and the volumes of services.")
    ] = False,
    yes: Yes = False,
    dry_run: DryRun = False,
) -> None:
    """Stop and remove the workspace's containers and its network. Its database and its volumes are kept."""
    from dfdev.cli.changing import changing, may_lose
    from dfdev.cli.session import site_of
    from dfdev.cli.show import plan_lines, show_plan
    from dfdev.stack.down import down as take_down
    from dfdev.stack.down import plan_down
    from dfdev.ui.reporter import reporter_for

    site = site_of(common)
    if dry_run:
        _, plan, _ = plan_down(site, data, lambda losses: True)
        show_plan(common.out, plan, "nothing to do: nothing runs")
        common.out.document(_document(plan, plan_lines(plan)))
        _tell_guests(common, plan)
        return
    with reporter_for(common.out) as reporter, changing(common, site, "dfdev down", reporter.emit):
        plan = take_down(site, data, lambda losses: may_lose(common, yes, losses), reporter.emit)
    common.out.document(_document(plan, plan_lines(plan)))
    kept = "".join(map(_kept, plan.kept))
    common.out.say(f"{site.workspace.name} is down{kept}" if plan else f"nothing to do: nothing runs{kept}")
    _tell_guests(common, plan)


def _kept(loss: Loss) -> str:
    return (
        f"; {loss.service} is kept with its data in the container {loss.container}, which `docker container prune`"
        " removes: `dfdev mysql snapshot NAME` keeps them from that, `dfdev down --data` lets them go"
    )


def _document(plan: Plan, lines: list[str]) -> dict[str, list[str]]:
    return {
        "plan": lines,
        "kept": [kept.service for kept in plan.kept],
        "guests": [guest.container for guest in plan.guests],
    }


def _tell_guests(common: Common, plan: Plan) -> None:
    for guest in plan.guests:
        common.out.say(
            f"the network {guest.network} stays: {guest.container} runs in it, which is not of this workspace;"
            f" `{typed('docker network disconnect', guest.network, guest.container)}`, then `dfdev down`"
        )
