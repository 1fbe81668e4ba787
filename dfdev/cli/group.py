"""The shapes of commands and groups: help as plain text, and an answer for every word that is no command.

Help is never read as rich's markup: `[mysql]` in a text would be taken for a style and swallowed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from typer.core import TyperCommand, TyperGroup

Records = list[tuple[str, str]]


class _Plain:
    """Arguments, then options; those that every command has are a section of their own."""

    common: ClassVar[frozenset[str]] = frozenset({"home", "as_json", "quiet", "verbose", "no_input", "help"})

    def sections(self: Any, ctx: Any) -> Mapping[str, Records]:
        found: dict[str, Records] = {"Arguments": [], "Options": [], "Options of every command": []}
        for param in self.get_params(ctx):
            record = param.get_help_record(ctx)
            if record is None:
                continue
            if param.param_type_name == "argument":
                found["Arguments"].append(record)
            else:
                found["Options of every command" if param.name in self.common else "Options"].append(record)
        return {title: records for title, records in found.items() if records}

    def format_options(self: Any, ctx: Any, formatter: Any) -> None:
        for title, records in self.sections(ctx).items():
            with formatter.section(title):
                formatter.write_dl(records)

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """SVC for what must be given, [SVC] for what may be: Typer has {SVC}."""
        pieces: list[str] = super().collect_usage_pieces(ctx)  # type: ignore[misc]
        return [piece[1:-1] if piece.startswith("{") else piece for piece in pieces]

    def shell_complete(self, ctx: Any, incomplete: str) -> Any:
        """Typer reads the texts for zsh and fish as markup."""
        items = super().shell_complete(ctx, incomplete)  # type: ignore[misc]
        for item in items:
            if item.help:
                item.help = item.help.replace("[", "\\[")
        return items


class Command(_Plain, TyperCommand):
    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **{**settings, "rich_markup_mode": None})


class Group(_Plain, TyperGroup):
    def __init__(self, **settings: Any) -> None:
        super().__init__(**{**settings, "rich_markup_mode": None})

    def format_options(self, ctx: Any, formatter: Any) -> None:
        self.format_commands(ctx, formatter)
        super().format_options(ctx, formatter)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Each with its whole first sentence."""
        found = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        with formatter.section("Commands"):
            formatter.write_dl([(name, first_paragraph(command.help)) for name, command in found if not command.hidden])

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name != "help":
            return super().get_command(ctx, cmd_name)
        from dfdev.cli.help import Help

        return Help(self)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """UsageError: no such command, with the one that was meant."""
        if ctx.resilient_parsing or self.get_command(ctx, args[0]) is not None:
            return super().resolve_command(ctx, args)
        from dfdev.cli.refused import no_such_command

        raise no_such_command(ctx.command_path, args[0], self.list_commands(ctx))


def first_paragraph(text: str | None) -> str:
    return " ".join((text or "").strip().partition("\n\n")[0].split())
