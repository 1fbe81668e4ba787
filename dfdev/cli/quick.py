"""The commands of every morning, `up` and `status`, when nothing but common options stands behind them; and the tools
of the front end, whose options are their own.

Typer costs 30 ms to import, a quarter of a `status`. What is not spelled exactly like this goes to Typer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

_FLAGS = {
    "--json": "as_json",
    "--quiet": "quiet",
    "-q": "quiet",
    "--verbose": "verbose",
    "-v": "verbose",
    "--no-input": "no_input",
}

TOOLS = ("grunt", "bower", "npm", "npx")
"""All that stands behind one of them is the tool's own: nothing of it is dfdev's to understand."""


def quick(args: Sequence[str]) -> int | None:
    """The exit code, `None` when the command line is for Typer."""
    if args and args[0] in TOOLS:
        return _tool(args[0], args[1:])
    body = _body(args[0]) if args else None
    options = _options(args[1:])
    if body is None or options is None:
        return None
    from dfdev.cli.common import Common, guarded

    common = Common.of(**options)
    return guarded(common, lambda: body()(common))


def _tool(tool: str, args: Sequence[str]) -> int:
    from dfdev.cli.common import Common, guarded
    from dfdev.cli.tooling import run_tool

    common = Common.of()
    return guarded(common, lambda: run_tool(common, [tool, *args]))


def _body(name: str) -> Callable[[], Callable[[Any], int | None]] | None:
    return {"status": _status, "up": _up}.get(name)


def _status() -> Callable[[Any], int | None]:
    from dfdev.cli.statusing import show_status

    return show_status


def _up() -> Callable[[Any], int | None]:
    from dfdev.cli.upping import up_everything

    return up_everything


def _options(args: Sequence[str]) -> dict[str, Any] | None:
    found: dict[str, Any] = {}
    for arg in args:
        name, given, value = arg.partition("=")
        if name == "--home" and given:
            found["home"] = value
        elif arg in _FLAGS:
            found[_FLAGS[arg]] = True
        else:
            return None
    return found
