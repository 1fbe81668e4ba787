"""The commands of every morning, `up` and `status`, when nothing but common options stands around them; and the
tools of the front end: all behind their name is their own.

Typer costs 30 ms to import, a quarter of a `status`. What is not spelled exactly like this goes to Typer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
    before, words = _common(args)
    if words and words[0] in TOOLS:
        return _tool(words[0], words[1:], before)
    body = _body(words[0]) if words else None
    behind, rest = _common(words[1:])
    if body is None or rest:
        return None
    from dfdev.cli.common import Common, guarded

    common = Common.of(**{**before, **behind})
    return guarded(common, lambda: body()(common))


def _tool(tool: str, args: Sequence[str], before: Mapping[str, Any]) -> int:
    from dfdev.cli.common import Common, guarded
    from dfdev.cli.tooling import run_tool

    common = Common.of(**before)
    return guarded(common, lambda: run_tool(common, [tool, *args]))


def _body(name: str) -> Callable[[], Callable[[Any], int | None]] | None:
    return {"status": _status, "up": _up}.get(name)


def _status() -> Callable[[Any], int | None]:
    from dfdev.cli.statusing import show_status

    return show_status


def _up() -> Callable[[Any], int | None]:
    from dfdev.cli.upping import up_everything

    return up_everything


def _common(args: Sequence[str]) -> tuple[dict[str, Any], Sequence[str]]:
    """The options that every command has, as far as nothing else stands between them; and the rest."""
    found: dict[str, Any] = {}
    at = 0
    while at < len(args):
        name, given, value = args[at].partition("=")
        if args[at] in _FLAGS:
            found[_FLAGS[args[at]]] = True
        elif name == "--home" and given:
            found["home"] = value
        elif name == "--home" and at + 1 < len(args):
            at += 1
            found["home"] = args[at]
        else:
            break
        at += 1
    return found, args[at:]
