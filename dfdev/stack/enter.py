"""`dfdev exec` and `dfdev shell`: a command in a running container.

The docker CLI takes the terminal over when there is one, because the SDK has no interactive exec (docker-py#247);
without it the command still runs, but nobody can type into it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence

from dfdev.core.reconcile import by_service
from dfdev.errors import DfdevError, UsageError
from dfdev.stack.compile import service_names
from dfdev.stack.site import Site
from dfdev.ui.out import Out

SHELL = ("sh", "-c", "exec $(command -v bash || command -v sh)")
_PATIENCE = 24 * 3600.0


def enter(site: Site, service: str, argv: Sequence[str], user: str, out: Out) -> int:
    """The exit code of the command; does not return where the docker CLI takes over."""
    container = running_container(site, service)
    docker = shutil.which("docker", path=site.environ.get("PATH"))
    if docker is not None and not out.as_json:
        flags = ["-it"] if os.isatty(0) and os.isatty(1) else ["-i"]
        flags += ["-u", user] if user else []
        environ = {**site.environ, **site.endpoint.docker_environ()}
        os.execve(docker, ["docker", "exec", *flags, container, *argv], environ)
    return _plainly(site, container, argv, user, out)


def _plainly(site: Site, container: str, argv: Sequence[str], user: str, out: Out) -> int:
    if user or argv == list(SHELL):
        raise UsageError("this needs the docker command, and there is none", "install the docker CLI and try again")
    result = site.engine.exec(container, list(argv), timeout=_PATIENCE)
    out.document({"exit_code": result.exit_code, "output": result.output})
    out.data(result.output.rstrip("\n"))
    return result.exit_code


def running_container(site: Site, service: str) -> str:
    """The container's id. DfdevError when the service is unknown or does not run."""
    names = service_names(site.workspace)
    found = by_service(site.workspace.name, site.engine.containers()).get(service, ())
    if not found and service not in names:
        raise DfdevError(f"there is no service {service} in dfdev.toml", f"the services are: {', '.join(names)}")
    if not found or not found[0].running:
        raise DfdevError(f"{service} does not run", f"start it with `dfdev up {service}`")
    return found[0].id
