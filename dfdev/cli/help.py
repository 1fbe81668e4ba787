"""`dfdev help`, `dfdev help mysql reset`, `dfdev mysql help reset`: what `--help` prints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import typer
from typer.core import TyperArgument

from dfdev.cli.group import Command, Group


class Help(Command):
    """Its words lead to a command of the group."""

    def __init__(self, group: Group) -> None:
        words = TyperArgument(param_decls=["words"], nargs=-1, metavar="[COMMAND]...", help="mysql reset, for example.")
        super().__init__("help", params=[words], help="How a command is used: what --help behind it prints.")
        self._group = group

    def invoke(self, ctx: Any) -> None:
        typer.echo(_context(self._group, ctx.parent, ctx.params["words"] or ()).get_help())


def _context(command: Any, ctx: Any, words: Sequence[str]) -> Any:
    """That of the command that the words lead to; words behind it are its own. UsageError: they lead nowhere."""
    if not words or not isinstance(command, Group):
        return ctx
    name, found, rest = command.resolve_command(ctx, list(words))
    inner = found.make_context(name, [], parent=ctx, resilient_parsing=True)  # what it needs is not asked for
    inner.resilient_parsing = False
    return _context(found, inner, rest)
