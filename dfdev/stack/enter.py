"""`dfdev exec` and `dfdev shell`: a command in a running container."""

from __future__ import annotations

from collections.abc import Sequence

from dfdev.core.ours import by_service
from dfdev.core.typed import typed
from dfdev.engine.protocol import ExecResult
from dfdev.errors import DfdevError
from dfdev.stack.compile import service_names
from dfdev.stack.obstacles import must_be_ours
from dfdev.stack.outside import must_lead_inside
from dfdev.stack.site import Site
from dfdev.system.programs import find

SHELL = ("sh", "-c", "exec $(command -v bash || command -v sh)")
_PATIENCE = 24 * 3600.0


def docker_exec(site: Site, container: str, argv: Sequence[str], user: str, *, tty: bool) -> list[str] | None:
    """The docker CLI's argv for it, `None` where there is no docker CLI.

    The CLI takes the terminal over, because the SDK has no interactive exec (docker/docker-py#247).
    """
    docker = find("docker", site.environ)
    if docker is None:
        return None
    flags = ["-it" if tty else "-i", *(["-u", user] if user else [])]
    return [docker, "exec", *flags, container, *argv]


def run_in(site: Site, container: str, argv: Sequence[str]) -> ExecResult:
    """Run it to its end through the engine; nobody can type into it."""
    return site.engine.exec(container, list(argv), timeout=_PATIENCE)


def running_container(site: Site, service: str) -> str:
    """The container's id. DfdevError when the service is unknown, does not run, or belongs to another clone;
    WorkspaceError where a mount of it leads outside.
    """
    names = service_names(site.workspace)
    containers = site.engine.containers()
    must_be_ours(site, containers)
    found = by_service(site.workspace.name, containers).get(service)
    if found is None and service not in names:
        raise DfdevError(f"there is no service {service} in dfdev.toml", f"the services are: {', '.join(names)}")
    if found is None or not found.running:
        raise DfdevError(f"{service} does not run", f"start it with `{typed('dfdev up', service)}`")
    must_lead_inside(site.gate, service, site.workspace.mounts.get(service, ()), found)
    return found.id
