"""`dfdev machine …`."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from dfdev.cli.arguments import DryRun
from dfdev.cli.common import Common
from dfdev.cli.options import command, group

app = group("The machine (VM) that the engine runs in: find it, start it, look into it.")

Shell = Annotated[str, typer.Option("--shell", help="sh or fish; by default that of $SHELL.", show_default=False)]
Name = Annotated[
    str | None,
    typer.Argument(metavar="[MACHINE]", help="PROVIDER, NAME or PROVIDER/NAME; by default the one that is used."),
]


@command(app, "list")
def list_machines(common: Common) -> None:
    """Every machine of every provider that is installed; which one is used, why, and what that overrides."""
    from dfdev.cli.machining import show_list

    show_list(common)


@command(app)
def status(common: Common, machine: Name = None) -> int:
    """One machine: its state, its engine, its clock, its disk, what it shares."""
    from dfdev.cli.machining import show_status

    return show_status(common, machine)


@command(app)
def start(common: Common, machine: Name = None, dry_run: DryRun = False) -> None:
    """Start it and wait until its engine answers."""
    from dfdev.cli.machining import drive

    drive(common, machine, "start", dry_run)


@command(app)
def stop(common: Common, machine: Name = None, dry_run: DryRun = False) -> None:
    """Stop it. The containers in it stop with it."""
    from dfdev.cli.machining import drive

    drive(common, machine, "stop", dry_run)


@command(app)
def restart(common: Common, machine: Name = None, dry_run: DryRun = False) -> None:
    """Stop it, by force where it hangs, start it, and wait until its engine answers."""
    from dfdev.cli.machining import drive

    drive(common, machine, "restart", dry_run)


@command(app, context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
def ssh(
    common: Common,
    argv: Annotated[list[str] | None, typer.Argument(metavar="[CMD]...", help="By default a shell.")] = None,
) -> None:
    """A shell, or a command, in the machine that is used."""
    from dfdev.cli.machining import way_in

    words = way_in(common, argv or ())
    os.execvpe(words[0], words, dict(common.environ))


@command(app)
def env(common: Common, machine: Name = None, shell: Shell = "") -> None:
    """Print the variables that lead plain `docker` to its engine: eval "$(dfdev machine env)"."""
    from dfdev.cli.machining import show_env

    show_env(common, machine, shell)
