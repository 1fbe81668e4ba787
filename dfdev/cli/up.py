"""`dfdev up`."""

from __future__ import annotations

from typing import Annotated

import typer

from dfdev.cli.complete import service_names
from dfdev.cli.options import Common, command
from dfdev.cli.session import changing, may_lose, site_of
from dfdev.cli.show import plan_lines, service_table, show_plan
from dfdev.core.reconcile import Choices
from dfdev.stack.site import Site
from dfdev.stack.up import UpResult, plan_up
from dfdev.stack.up import up as bring_up
from dfdev.ui.reporter import reporter_for

app = typer.Typer()

Services = Annotated[
    list[str] | None,
    typer.Argument(metavar="[SVC]...", help="Only these and what they need.", autocompletion=service_names),
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Let data go that a new container would lose.")]
DryRun = Annotated[bool, typer.Option("--dry-run", "-n", help="Print the plan and change nothing.")]
RemoveOrphans = Annotated[bool, typer.Option("--remove-orphans", help="Remove services that left dfdev.toml.")]


@command(app)
def up(
    common: Common,
    services: Services = None,
    dry_run: DryRun = False,
    remove_orphans: RemoveOrphans = False,
    yes: Yes = False,
) -> None:
    """Bring the workspace up: start what is missing, prove the mounts, wait until everything serves."""
    choices = Choices(only=frozenset(services or ()), remove_orphans=remove_orphans)
    site = site_of(common)
    if dry_run:
        _, _, plan = plan_up(site, choices, lambda losses: True)
        show_plan(common.out, plan, "nothing to do: everything runs as dfdev.toml says")
        common.out.document({"plan": plan_lines(plan), "services": [], "seconds": {}})
        return
    show_result(common, site, run_up(common, site, choices, yes))


def run_up(common: Common, site: Site, choices: Choices, yes: bool) -> UpResult:
    """The use-case under its lock, with events shown."""
    with reporter_for(common.out) as reporter, changing(common, site, "dfdev up", reporter.emit):
        return bring_up(site, choices, lambda losses: may_lose(common, yes, losses), reporter.emit)


def show_result(common: Common, site: Site, result: UpResult) -> None:
    out = common.out
    out.document(
        {
            "plan": plan_lines(result.plan),
            "services": [row.as_json() for row in result.rows],
            "seconds": result.seconds,
        }
    )
    out.data(service_table(out, result.rows, site.workspace.home, seconds=True))
    done = f"{len(result.plan.actions)} steps" if result.plan else "nothing to do"
    out.say(f"{site.workspace.name} is up ({done}, {result.seconds['total']:.1f} s)")
