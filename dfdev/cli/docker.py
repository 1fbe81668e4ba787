"""`dfdev docker …`."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from dfdev.cli.common import Common
from dfdev.cli.options import command
from dfdev.errors import UsageError
from dfdev.system.programs import find

app = typer.Typer(add_completion=False)


@command(app, "docker", context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
def docker(
    common: Common,
    argv: Annotated[list[str], typer.Argument(metavar="ARGS...", help="What docker is to do.")],
) -> None:
    """The docker command, on the engine that dfdev uses, with the machine's clock made right before."""
    from dfdev.cli.ground import ground_of
    from dfdev.cli.righting import right_clock

    ground = ground_of(common)
    found = find("docker", common.environ)
    if found is None:
        raise UsageError("there is no docker command here", "install the docker CLI and try again")
    ground.located.endpoint.must_be_there()
    right_clock(common, ground.keeper())
    os.execve(found, ["docker", *argv], {**common.environ, **ground.located.endpoint.docker_environ()})
