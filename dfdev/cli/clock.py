"""`dfdev clock …`."""

from __future__ import annotations

from typing import Annotated

import typer

from dfdev.cli.arguments import DryRun
from dfdev.cli.common import Common
from dfdev.cli.options import command, group

app = group("The machine's clock: S3, TLS and apt refuse one that is off.")

How = Annotated[
    str, typer.Option("--method", help="auto, shell, helper (a container), or date: what people typed in 2014.")
]
Backward = Annotated[bool, typer.Option("--allow-backward", help="Set it back by more than 2 s without asking.")]
IfRunning = Annotated[bool, typer.Option("--if-running", help="Silent success where no engine answers.")]
IfSlept = Annotated[bool, typer.Option("--if-slept", help="Only after a sleep, or after ten minutes.")]
Log = Annotated[str, typer.Option("--log", help="Append messages to this file, and rotate it.", show_default=False)]


@command(app)
def status(common: Common) -> int:
    """How far the machine's clock is off, what that breaks, how it would be set."""
    from dfdev.cli.clocking import show_status

    return show_status(common)


@command(app)
def sync(
    common: Common,
    method: How = "auto",
    allow_backward: Backward = False,
    if_running: IfRunning = False,
    if_slept: IfSlept = False,
    log: Log = "",
) -> int:
    """Measure it, set it when it is beyond the tolerance, and measure again."""
    from dfdev.cli.clocking import Wish, synchronise

    return synchronise(common, Wish(method, allow_backward, if_running, if_slept, log))


@command(app)
def watch(common: Common) -> None:
    """Stay, and set the clock within two seconds of each wake. Ctrl-C ends it."""
    from dfdev.cli.clock_watching import watch_clock

    watch_clock(common)


@command(app)
def install(common: Common, dry_run: DryRun = False) -> None:
    """Have it kept right in the background: a launchd agent (macOS) or a systemd user timer (Linux)."""
    from dfdev.cli.clock_agent import install_agent

    install_agent(common, dry_run)


@command(app)
def uninstall(common: Common, dry_run: DryRun = False) -> None:
    """Take the background agent away."""
    from dfdev.cli.clock_agent import uninstall_agent

    uninstall_agent(common, dry_run)
