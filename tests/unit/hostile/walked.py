"""Every command of dfdev with words to try it with: a new one that has none lets the tests fail that walk them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer

from dfdev.cli.app import app

WORDS: dict[str, tuple[str, ...]] = {
    "up": ("--dry-run", "--yes", "nosuch"),
    "restart": ("", "www", "nosuch"),
    "status": ("",),
    "logs": ("--tail 5", "www", "nosuch"),
    "exec": ("www true", "www nosuch", "nosuch true"),
    "shell": ("www", "nosuch"),
    "open": ("", "www"),
    "machine list": ("",),
    "machine status": ("", "nosuch"),
    "machine start": ("--dry-run", "nosuch"),
    "machine stop": ("--dry-run", "nosuch"),
    "machine restart": ("--dry-run", "nosuch"),
    "machine ssh": ("true",),
    "machine env": ("", "nosuch"),
    "clock status": ("",),
    "clock sync": ("", "--if-running --log {tmp}/sync.log"),
    "clock watch": ("",),
    "clock install": ("--dry-run",),
    "clock uninstall": ("--dry-run",),
    "mysql build": ("",),
    "mysql reset": ("--yes",),
    "mysql snapshot": ("one", "rm one", "rm nosuch"),
    "mysql restore": ("nosuch --yes",),
    "mysql snapshots": ("",),
    "mysql import": ("{home}/one.sql", "nosuch.sql"),
    "mysql export": ("{tmp}/dump.sql.gz", "--tables nosuch {tmp}/none.sql"),
    "mysql status": ("",),
    "mysql url": ("",),
    "mysql shell": ("",),
    "mysql check": ("{home}/variables.txt", "nosuch"),
    "frontend init": ("{home}/made --yes", "--dry-run"),
    "frontend build": ("", "--image made:1"),
    "frontend shell": ("",),
    "frontend status": ("",),
    "grunt": ("--version",),
    "bower": ("--version",),
    "npm": ("--version", "nosuch"),
    "npx": ("nosuch",),
    "docker": ("version", "nosuch"),
    "ca add": ("nosuch.pem",),
    "ca list": ("",),
    "ca rm": ("nosuch",),
    "ca check": ("https://127.0.0.1:9",),
    "config check": ("",),
    "config show": ("", "--origin", "services.www", "nosuch"),
    "config schema": ("",),
    "allow": ("--yes",),
    "images bootstrap": ("--dry-run", "nosuch"),
    "demo": ("--no-up {tmp}/demo",),
    "help": ("up",),
    "down": ("--dry-run", "--yes", "--data --yes"),
}
"""In an order that leaves something for each to do."""


def commands(command: Any = None, path: tuple[str, ...] = ()) -> Iterator[str]:
    """All of them, from the command line itself."""
    command = command or typer.main.get_command(app)
    if not hasattr(command, "list_commands"):
        yield " ".join(path)
        return
    for name in command.list_commands(None):
        yield from commands(command.get_command(None, name), (*path, name))


def lines(**places: object) -> Iterator[list[str]]:
    """Each command with each of its words. `places`: what `{tmp}` and `{home}` in them are."""
    for command, tries in WORDS.items():
        for words in tries:
            yield [*command.split(), *(word.format(**places) for word in words.split())]
