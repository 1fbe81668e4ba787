"""What every command takes (`--home`, `--json`, …), for Typer."""

from __future__ import annotations

import functools
import inspect
import typing
from collections.abc import Callable, Mapping
from typing import Annotated, Any

import typer

from dfdev.cli.common import Common, guarded
from dfdev.cli.group import Command, Group

Home = Annotated[
    str | None,
    typer.Option("--home", metavar="DIR", help="DFHOME, instead of the one that is found.", show_default=False),
]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Only data and errors.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Every step, with its reason.")]
NoInput = Annotated[bool, typer.Option("--no-input", help="Never ask; what would be asked is an error or its default.")]

_COMMON: Mapping[str, Any] = {
    "home": (Home, None),
    "as_json": (Json, False),
    "quiet": (Quiet, False),
    "verbose": (Verbose, False),
    "no_input": (NoInput, False),
}

_BEFORE = "dfdev.before"
"""Where a context keeps the options that stood before the command."""

Body = Callable[..., int | None]


def before_the_command(
    ctx: typer.Context,
    home: Home = None,
    as_json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    no_input: NoInput = False,
) -> None:
    """The callback of every group. Of a word given twice, the later one wins."""
    given = {"home": home, "as_json": as_json, "quiet": quiet, "verbose": verbose, "no_input": no_input}
    keep_before(ctx, {key: value for key, value in given.items() if value})


def keep_before(ctx: typer.Context, given: Mapping[str, Any]) -> None:
    ctx.meta[_BEFORE] = {**ctx.meta.get(_BEFORE, {}), **given}


def group(help: str) -> typer.Typer:
    """A command that has commands."""
    app = typer.Typer(cls=Group, help=help, no_args_is_help=True, add_completion=False)
    app.callback()(before_the_command)
    return app


def command(app: typer.Typer, name: str | None = None, **settings: Any) -> Callable[[Body], Body]:
    """Register `body(common, …)` as a command: its own parameters first, then the common ones."""

    def register(body: Body) -> Body:
        hints = typing.get_type_hints(body, include_extras=True)
        own = list(inspect.signature(body).parameters.values())[1:]
        own = [p.replace(annotation=hints[p.name]) for p in own]
        extra = [
            inspect.Parameter(key, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)
            for key, (kind, default) in _COMMON.items()
        ]

        @functools.wraps(body)
        def call(ctx: typer.Context, **values: Any) -> None:
            given = {key: value for key in _COMMON if (value := values.pop(key))}
            common = Common.of(**{**ctx.meta.get(_BEFORE, {}), **given})
            code = guarded(common, lambda: body(common, **values))
            if code:
                raise typer.Exit(code)

        parameters = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in own]
        context = inspect.Parameter("ctx", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)
        every = [context, *parameters, *extra]
        call.__signature__ = inspect.Signature(every)  # type: ignore[attr-defined]
        call.__annotations__ = {p.name: p.annotation for p in every}
        del call.__wrapped__
        app.command(name, cls=Command, **settings)(call)
        return body

    return register
