"""`dfdev exec`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Annotated

import typer

from dfdev.cli.arguments import Service, User
from dfdev.cli.common import Common
from dfdev.cli.options import command
from dfdev.errors import UsageError

app = typer.Typer(add_completion=False)


@command(app, "exec", context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
def exec_in(
    common: Common,
    service: Service,
    argv: Annotated[list[str], typer.Argument(metavar="CMD...", help="The command and its arguments.")],
    user: User = "",
) -> int:
    """Run a command in a service's container: your terminal where there is one, its exit code in any case."""
    if service.startswith("-"):
        from dfdev.cli.foreign import option_answer

        answer = option_answer("dfdev exec", service) or "`dfdev exec --help` lists those that it has"
        raise UsageError(f"`dfdev exec` has no option {service}", answer)
    return enter(common, service, argv, user, needs_terminal=False)


def enter(common: Common, service: str, argv: Sequence[str], user: str, *, needs_terminal: bool) -> int:
    """The exit code of the command; does not return where the docker CLI takes over."""
    from dfdev.cli.session import site_of
    from dfdev.stack.compile import FRONTEND
    from dfdev.stack.enter import docker_exec, run_in, running_container

    site = site_of(common)
    container = running_container(site, service)
    if service == FRONTEND:
        from dfdev.frontend.run import must_be_hidden

        must_be_hidden(site.engine, container, "`dfdev up` makes it anew")
    tty = os.isatty(0) and os.isatty(1)
    docker = None if common.out.as_json else docker_exec(site, container, argv, user, tty=tty)
    if docker is not None:
        os.execve(docker[0], docker, {**site.environ, **site.endpoint.docker_environ()})
    if user or needs_terminal:
        raise UsageError("this needs the docker command, and there is none", "install the docker CLI and try again")
    result = run_in(site, container, argv)
    common.out.with_secrets().document({"exit_code": result.exit_code, "output": result.output})
    common.out.raw(result.output.rstrip("\n"))
    return result.exit_code
