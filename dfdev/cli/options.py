"""What every command takes (`--home`, `--json`, …), for Typer."""

from __future__ import annotations

import functools
import inspect
import typing
from collections.abc import Callable, Mapping
from typing import Annotated, Any

import typer

from dfdev.cli.common import Common, guarded

Home = Annotated[
    str | None, typer.Option("--home", help="DFHOME, instead of the one that is found.", show_default=False)
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


Body = Callable[..., int | None]


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
        def call(**values: Any) -> None:
            common = Common.of(**{key: values.pop(key) for key in _COMMON})
            code = guarded(common, lambda: body(common, **values))
            if code:
                raise typer.Exit(code)

        parameters = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in own]
        call.__signature__ = inspect.Signature([*parameters, *extra])  # type: ignore[attr-defined]
        call.__annotations__ = {p.name: p.annotation for p in [*parameters, *extra]}
        del call.__wrapped__
        app.command(name, **settings)(call)
        return body

    return register
