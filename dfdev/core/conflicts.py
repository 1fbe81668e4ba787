"""What stands in the way of a plan: names and ports that belong to somebody else. Pure."""

from __future__ import annotations

import shlex
from collections.abc import Iterable

from dfdev.core.desired import Desired, Port
from dfdev.core.frozen import dataclass
from dfdev.core.observed import Container, Observed
from dfdev.core.ours import mark_of
from dfdev.core.plan import Plan
from dfdev.core.typed import typed


@dataclass(frozen=True)
class Problem:
    """One line of what stands in the way, one of what to type."""

    message: str
    hint: str


def conflicts(desired: Desired, observed: Observed, plan: Plan) -> tuple[Problem, ...]:
    """Everything at once, so that it can be mended at once; () when the plan can go ahead."""
    checks = (_names, _networks, _ports)
    return tuple(problem for check in checks for problem in check(desired, observed, plan))


def other_homes(workspace: str, here: str, containers: Iterable[Container]) -> dict[str, Problem]:
    """Folders that use this workspace's name too -> what to say about it.

    A folder that is gone has been moved here: only who looks at the disk can tell.
    """
    found: dict[str, Problem] = {}
    for c in containers:
        home = mark_of(c).home or here
        if mark_of(c).workspace == workspace and home != here:
            found[home] = Problem(
                f"the workspace name {workspace!r} is used by {home} (container {c.name})",
                f"give this one another [workspace] name, or run `dfdev down {shlex.quote(f'--home={home}')}` first",
            )
    return found


def ports_to_bind(plan: Plan) -> tuple[tuple[str, Port], ...]:
    """(service, port) of every container that the plan starts: they must be free on the host."""
    starts = [a.service for a in plan.actions if a.verb == "start" and a.service]
    return tuple((s.name, port) for s in starts for port in s.ports)


def _names(desired: Desired, observed: Observed, plan: Plan) -> Iterable[Problem]:
    taken = {c.name: c for c in observed.containers if mark_of(c).workspace != desired.workspace}
    for action in plan.actions:
        name = action.name
        if name in taken:
            who = _owner(taken[name]) if mark_of(taken[name]) else "a container that is not dfdev's"
            yield Problem(
                f"{who} has the name {name} (image {taken[name].image})",
                f"rename it (`{typed('docker rename', name)} OTHER`) or change [workspace] name",
            )


def _networks(desired: Desired, observed: Observed, plan: Plan) -> Iterable[Problem]:
    """The engine lets two networks share a name, and then joins containers to either."""
    if any(a.verb == "create network" for a in plan.actions) and observed.networks:
        name = desired.network
        yield Problem(
            f"a network that is not dfdev's has the name {name}",
            f"remove it (`{typed('docker network rm', name)}`) or change [workspace] name",
        )


def _ports(desired: Desired, observed: Observed, plan: Plan) -> Iterable[Problem]:
    others = [c for c in observed.containers if c.running and not _is_ours(desired, c)]
    for service, port in ports_to_bind(plan):
        for c in others:
            if any(p.host == port.host and p.protocol == port.protocol for p in c.ports):
                yield Problem(
                    f"{service} wants port {port.host}, which {_owner(c)} has published",
                    f"stop it ({_stop(c)}), or change the port of {service} in dfdev.local.toml",
                )
                break


def _is_ours(desired: Desired, container: Container) -> bool:
    mark = mark_of(container)
    return mark.workspace == desired.workspace and mark.service in desired.by_name


def _owner(container: Container) -> str:
    mark = mark_of(container)
    return f"{mark.service} of the workspace {mark.workspace!r}" if mark else f"the container {container.name}"


def _stop(container: Container) -> str:
    home = mark_of(container).home
    line = f"dfdev down {shlex.quote(f'--home={home}')}" if home else typed("docker stop", container.name)
    return f"`{line}`"
