"""`dfdev logs`."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from dfdev.cli.arguments import Services
from dfdev.cli.common import Common
from dfdev.cli.options import command
from dfdev.errors import UsageError
from dfdev.ui.out import Out

if TYPE_CHECKING:
    from dfdev.stack.follow import Word
    from dfdev.stack.logs import Line, LogFile

app = typer.Typer(add_completion=False)

_COLOURS = ("cyan", "yellow", "green", "magenta", "blue", "red")


@command(app)
def logs(
    common: Common,
    services: Services = None,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on with new lines.")] = False,
    since: Annotated[str, typer.Option("--since", help="Only the last 30s, 10m, 2h, …", show_default=False)] = "",
    tail: Annotated[int | None, typer.Option("--tail", help="At most so many old lines of each service.")] = None,
) -> None:
    """What the services print, merged by time; and the files in their log folders."""
    from dfdev.cli.session import site_of
    from dfdev.stack.follow import Want, followed
    from dfdev.stack.logs import chosen, files, merged, sources
    from dfdev.stack.obstacles import must_be_ours

    site = site_of(common)
    desired, observed = site.look()
    must_be_ours(site, observed.containers)
    names = chosen(desired, list(services or ()))
    start = time.time() - _seconds(since) if since else 0.0
    colours = {name: _COLOURS[number % len(_COLOURS)] for number, name in enumerate(desired.by_name)}
    if follow:
        followed_lines = followed(site.engine, names, Want(desired.workspace, start, tail))
        _show_all(common.out, followed_lines, names, colours)
        return
    found = sources(desired.workspace, observed.containers, names)
    lines = merged(site.engine, found, start, tail)
    listed = files(desired, names, site.gate)
    if common.out.as_json:
        _as_json(common.out, [*lines], listed)
        return
    _show_files(common.out, listed)
    _show_all(common.out, lines, list(found), colours)


def _show_all(out: Out, items: Iterable[Line | Word], names: Sequence[str], colours: Mapping[str, str]) -> None:
    """As they come; a JSON document for each with `--json`, and the words among them on stderr without it."""
    from dfdev.stack.logs import Line

    width = max(map(len, names), default=0)
    for item in items:
        if out.as_json:
            out.record(_line(item) if isinstance(item, Line) else {"service": item.service, "event": item.text})
        elif isinstance(item, Line):
            prefix = out.paint(f"{item.service.ljust(width)} |", colours[item.service])
            out.log_line(f"{prefix} {item.line.text}")
        else:
            out.say(out.paint_err(f"{item.service} {item.text}", "dim"))


def _seconds(text: str) -> float:
    from dfdev.workspace.values import parse_seconds

    try:
        return parse_seconds(text)
    except ValueError:
        raise UsageError(f"--since {text!r} is no duration", "write 30s, 10m or 2h") from None


def _show_files(out: Out, found: list[LogFile]) -> None:
    for file in found:
        out.say(out.paint_err(f"{file.path}  {_size(file.size)}, written {_age(file.age)} ago", "dim"))


def _as_json(out: Out, lines: list[Line], found: list[LogFile]) -> None:
    out.document(
        {
            "lines": [_line(line) for line in lines],
            "files": [
                {"service": f.service, "path": str(f.path), "bytes": f.size, "age_seconds": round(f.age, 1)}
                for f in found
            ],
        }
    )


def _line(line: Line) -> dict[str, str]:
    return {"service": line.service, "time": line.line.time, "stream": line.line.stream, "text": line.line.text}


def _size(count: int) -> str:
    return (
        f"{count} B"
        if count < 1024
        else f"{count / 1024:.1f} KiB"
        if count < 1 << 20
        else f"{count / (1 << 20):.1f} MiB"
    )


def _age(seconds: float) -> str:
    if seconds < 120:
        return f"{max(seconds, 0):.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.0f} h"
