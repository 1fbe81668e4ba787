"""What stands in the way of a command, as one error: what the engine shows and what only this host knows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from dfdev.core.conflicts import Problem, conflicts, other_homes, ports_to_bind
from dfdev.core.desired import Desired
from dfdev.core.observed import Container, Observed
from dfdev.core.plan import Plan
from dfdev.errors import DfdevError, Overtaken
from dfdev.stack.site import Site
from dfdev.system import ports


def must_be_clear(site: Site, desired: Desired, observed: Observed, plan: Plan) -> None:
    """DfdevError with everything that keeps this plan from being carried out."""
    _raise_any([*_homes(site, observed.containers), *conflicts(desired, observed, plan), *_ports(site, observed, plan)])


def must_be_ours(site: Site, containers: Iterable[Container]) -> None:
    """DfdevError when the containers by this workspace's name belong to another folder."""
    _raise_any(_homes(site, containers))


def _homes(site: Site, containers: Iterable[Container]) -> list[Problem]:
    """A folder of another host cannot be seen: it counts as there."""
    others = other_homes(site.workspace.name, str(site.workspace.home), containers)
    return [problem for home, problem in others.items() if not site.local or Path(home).exists()]


def _ports(site: Site, observed: Observed, plan: Plan) -> list[Problem]:
    """Ports that another process of this host holds. Containers are named by `conflicts`."""
    if not site.local:
        return []
    published = {port.host for c in observed.containers if c.running for port in c.ports}
    wanted = [(name, p) for name, p in ports_to_bind(plan) if p.protocol == "tcp" and p.host not in published]
    taken = [(name, port.host) for name, port in wanted if not ports.is_free(port.address, port.host)]
    return [held(name, port, ports.holder(port)) for name, port in taken]


def held(service: str, port: int, holder: str) -> Problem:
    """Of a port that no running container publishes. Overtaken: what leads to containers has it, Docker's own proxy or
    the machine's forwarder, for one that starts or ends at this moment.
    """
    change = f"change the port of {service} in dfdev.local.toml"
    if ports.forwards(holder):
        raise Overtaken(
            f"{service} wants port {port}, which {holder} holds: a machine, or what forwards the ports of one",
            f"a container that starts or ends there may have it: `dfdev up` again in a moment, or {change}; do not end"
            " that process: it is the machine, or leads to it",
        )
    message = f"{service} wants port {port}, which {holder or 'another process'} holds"
    hint = f"stop that process, or {change}"
    if holder.startswith("docker-proxy "):
        raise Overtaken(message, hint)
    return Problem(message, hint)


def _raise_any(problems: Sequence[Problem]) -> None:
    if problems:
        first, *others = problems
        details = tuple(f"and {p.message}; {p.hint}" for p in others)
        raise DfdevError(first.message, first.hint, details=details)
