"""What `restart` does, as a plan. Pure."""

from __future__ import annotations

from dfdev.core.desired import Desired
from dfdev.core.graph import dependants
from dfdev.core.observed import Observed
from dfdev.core.ours import by_service
from dfdev.core.plan import Action, Plan


def restarting(desired: Desired, observed: Observed, only: frozenset[str]) -> Plan:
    """Stop users before what they use, start in the order of need. Only containers that exist; no recreation."""
    ours = by_service(desired.workspace, observed.containers)
    graph = {s.name: s.depends_on for s in desired.services}
    chosen = [s for s in desired.services if s.name in ours and (not only or s.name in only)]
    names = {s.name for s in chosen}
    stops, starts = [], []
    for service in chosen:
        container = ours[service.name]
        users = sorted((dependants(graph, [service.name]) - {service.name}) & names)
        after = tuple(f"stop {user}" for user in users if ours[user].running)
        if container.running:
            stops.append(Action("stop", service.name, "restart", service, container.id, after))
        needs = tuple(f"wait for {need}" for need in service.depends_on if need in names)
        stopped = (f"stop {service.name}",) if container.running else ()
        starts.append(Action("start", service.name, "restart", service, container.id, (*stopped, *needs)))
        starts.append(Action("wait for", service.name, "restart", service, "", (f"start {service.name}",)))
    return Plan((*stops, *starts))
