"""What every command takes (`--home`, `--json`, …), and the one place where errors become exit codes."""

from __future__ import annotations

import functools
import inspect
import os
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from dfdev.errors import DfdevError
from dfdev.ui.out import Out

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


@dataclass(frozen=True)
class Common:
    """The options that every command has, and its streams."""

    home: str | None
    no_input: bool
    out: Out
    environ: Mapping[str, str]

    @property
    def interactive(self) -> bool:
        """Somebody is there to answer. Prompts go to stderr, so that is what must be a terminal."""
        asked = not self.no_input and not self.out.as_json and not self.environ.get("CI")
        return asked and os.isatty(0) and self.out.stderr.isatty()


Body = Callable[..., None]


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
            common = _common(values)
            try:
                body(common, **values)
            except DfdevError as error:
                common.out.error(error)
                raise typer.Exit(error.code) from None
            except KeyboardInterrupt:
                raise typer.Exit(130) from None

        parameters = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in own]
        call.__signature__ = inspect.Signature([*parameters, *extra])  # type: ignore[attr-defined]
        call.__annotations__ = {p.name: p.annotation for p in [*parameters, *extra]}
        del call.__wrapped__
        app.command(name, **settings)(call)
        return body

    return register


def _common(values: dict[str, Any]) -> Common:
    """Takes the common options out of the values."""
    environ = dict(os.environ)
    out = Out.of(environ, as_json=values.pop("as_json"), quiet=values.pop("quiet"), verbose=values.pop("verbose"))
    return Common(values.pop("home"), values.pop("no_input"), out, environ)
