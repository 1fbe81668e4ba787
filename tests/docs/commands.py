"""The README's table of commands, made from the command line itself: `python -m tests.docs.commands` writes it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from dfdev.cli.app import app

README = Path(__file__).resolve().parents[2] / "README.md"
BEGIN, END = "<!-- commands:begin -->", "<!-- commands:end -->"
_COMMON = {"--home", "--json", "--quiet", "--verbose", "--no-input", "--help"}


def table() -> str:
    """One row a command: how it is written, what it does."""
    rows = [f"| `{usage}` | {what} |" for usage, what in _rows(typer.main.get_command(app), "dfdev")]
    return "\n".join(["| Command | What it does |", "|---|---|", *rows])


def _rows(command: Any, name: str) -> Iterator[tuple[str, str]]:
    for sub in getattr(command, "commands", None) or _lazy(command):
        found = command.get_command(None, sub)
        if getattr(found, "list_commands", None):
            yield from _rows(found, f"{name} {sub}")
        else:
            yield f"{name} {sub}{_arguments(found)}", _first_line(found.help)


def _lazy(command: Any) -> list[str]:
    names: list[str] = command.list_commands(None)
    return names


def _arguments(command: Any) -> str:
    """Positional arguments, then the options that not every command has."""
    words = []
    for param in command.params:
        if param.param_type_name == "argument":
            words.append((param.metavar or param.name.upper()).replace("|", "\\|"))
        elif not _COMMON & set(param.opts):
            words.append(f"[{max(param.opts, key=len)}]")
    return "".join(f" {word}" for word in words)


def _first_line(text: str) -> str:
    return re.sub(r"\s+", " ", (text or "").strip().split("\n\n")[0])


def written(readme: str) -> str:
    """The README with the table of today."""
    before, rest = readme.split(BEGIN)
    return f"{before}{BEGIN}\n{table()}\n{END}{rest.split(END)[1]}"


if __name__ == "__main__":
    README.write_text(written(README.read_text()))
