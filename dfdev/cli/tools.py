"""`dfdev grunt|bower|npm|npx …`, for the help page and completion: `quick` runs them."""

from __future__ import annotations

from typing import Annotated

import typer

from dfdev.cli.common import Common
from dfdev.cli.options import command

Words = Annotated[list[str] | None, typer.Argument(metavar="...", help="The tool's own words.", show_default=False)]
_AS_IT_IS = {"ignore_unknown_options": True, "allow_interspersed_args": False, "help_option_names": []}


def passing(tool: str, help: str) -> typer.Typer:
    """A command whose words are all the tool's."""
    app = typer.Typer(add_completion=False)

    @command(app, tool, context_settings=_AS_IT_IS, help=help)
    def run(common: Common, words: Words = None) -> int:
        from dfdev.cli.tooling import run_tool

        return run_tool(common, [tool, *(words or [])])

    return app


grunt = passing("grunt", "grunt in the front-end container, in the folder that you are in.")
bower = passing("bower", "bower in the front-end container, in the folder that you are in.")
npm = passing("npm", "npm in the front-end container, in the folder that you are in.")
npx = passing("npx", "npx in the front-end container, in the folder that you are in.")
