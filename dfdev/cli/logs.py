"""`dfdev logs`."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated

import typer

from dfdev.cli.arguments import Services
from dfdev.cli.common import Common
from dfdev.cli.options import command
from dfdev.errors import UsageError
from dfdev.ui.out import Out

if TYPE_CHECKING:
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
    from dfdev.stack.logs import files, followed, merged, sources
    from dfdev.stack.obstacles import must_be_ours

    site = site_of(common)
    desired, observed = site.look()
    must_be_ours(site, observed.containers)
    names = list(services or ())
    found = sources(desired, observed.containers, names)
    start = time.time() - _seconds(since) if since else 0.0
    lines = (followed if follow else merged)(site.engine, found, start, tail)
    if common.out.as_json:
        _as_json(common.out, [*lines], files(desired, names, site.gate))
        return
    width = max(map(len, found), default=0)
    colours = {name: _COLOURS[i % len(_COLOURS)] for i, name in enumerate(desired.by_name)}
    if not follow:
        _show_files(common.out, files(desired, names, site.gate))
    for line in lines:
        prefix = common.out.paint(f"{line.service.ljust(width)} |", colours[line.service])
        common.out.log_line(f"{prefix} {line.line.text}")


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
            "lines": [
                {"service": line.service, "time": line.line.time, "stream": line.line.stream, "text": line.line.text}
                for line in lines
            ],
            "files": [
                {"service": f.service, "path": str(f.path), "bytes": f.size, "age_seconds": round(f.age, 1)}
                for f in found
            ],
        }
    )


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
