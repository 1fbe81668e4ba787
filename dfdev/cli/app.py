"""The command line: one module per command, imported only when that command runs."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from typer._click.exceptions import ClickException, NoArgsIsHelpError

from dfdev.cli.group import Group
from dfdev.cli.options import Home, Json, NoInput, Quiet, Verbose, before_the_command
from dfdev.errors import DfdevError

COMMANDS = {
    "up": "dfdev.cli.up",
    "down": "dfdev.cli.down",
    "restart": "dfdev.cli.restart",
    "status": "dfdev.cli.status",
    "logs": "dfdev.cli.logs",
    "exec": "dfdev.cli.exec",
    "shell": "dfdev.cli.shell",
    "open": "dfdev.cli.open",
    "machine": "dfdev.cli.machine",
    "clock": "dfdev.cli.clock",
    "mysql": "dfdev.cli.mysql",
    "frontend": "dfdev.cli.frontend",
    "grunt": "dfdev.cli.tools:grunt",
    "bower": "dfdev.cli.tools:bower",
    "npm": "dfdev.cli.tools:npm",
    "npx": "dfdev.cli.tools:npx",
    "docker": "dfdev.cli.docker",
    "ca": "dfdev.cli.ca",
    "config": "dfdev.cli.config",
    "allow": "dfdev.cli.allow",
    "images": "dfdev.cli.images",
    "demo": "dfdev.cli.demo",
}
"""Command -> module with a Typer called `app`, or as its name says, in the order of the help page."""


class LazyGroup(Group):
    """Imports a command's module when it is asked for by name; the help page asks for all."""

    def list_commands(self, ctx: Any) -> list[str]:
        return [*COMMANDS, "help"]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        module, _, name = COMMANDS[cmd_name].partition(":")
        command = typer.main.get_command(getattr(importlib.import_module(module), name or "app"))
        command.name = cmd_name
        return command


app = typer.Typer(
    cls=LazyGroup,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:
    if asked:
        from dfdev import __version__

        typer.echo(f"dfdev {__version__}")
        raise typer.Exit


@app.callback()
def dfdev(
    ctx: typer.Context,
    home: Home = None,
    as_json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    no_input: NoInput = False,
    _shown: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Docker on your workstation, made invisible: your code, your logs, one command."""
    before_the_command(ctx, home, as_json, quiet, verbose, no_input)


def run(args: Sequence[str]) -> int:
    """The exit code."""
    try:
        return app(args=list(args), prog_name="dfdev", standalone_mode=False) or 0
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 1
    except NoArgsIsHelpError as asked:
        typer.echo(asked.format_message())
        return asked.exit_code
    except DfdevError as error:
        return _refused(error, args)
    except ClickException as error:
        from dfdev.cli.refused import unread

        return _refused(unread(error, args), args)
    except KeyboardInterrupt:
        return 130


def _refused(error: DfdevError, args: Sequence[str]) -> int:
    from dfdev.cli.common import Common

    Common.of(as_json="--json" in args).out.error(error)
    return error.code
