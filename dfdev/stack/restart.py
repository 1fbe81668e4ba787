"""`dfdev restart`: the same containers, stopped and started in order, ready and proven again."""

from __future__ import annotations

from dfdev.core.events import Emit
from dfdev.core.frozen import dataclass
from dfdev.core.ours import by_service
from dfdev.core.plan import Plan
from dfdev.core.restarting import restarting
from dfdev.errors import DfdevError
from dfdev.stack.act import Actor
from dfdev.stack.execute import execute
from dfdev.stack.obstacles import must_be_ours
from dfdev.stack.outside import must_lead_inside
from dfdev.stack.ready import Readiness
from dfdev.stack.rows import ServiceRow, service_rows, with_proofs
from dfdev.stack.site import Site


@dataclass(frozen=True)
class RestartResult:
    plan: Plan
    rows: list[ServiceRow]


def plan_restart(site: Site, only: frozenset[str]) -> Plan:
    desired, observed = site.look()
    must_be_ours(site, observed.containers)
    ours = by_service(desired.workspace, observed.containers)
    missing = sorted((only or frozenset(desired.by_name)) - ours.keys())
    if only and missing:
        raise DfdevError(f"there is no container of {', '.join(missing)} to restart", "start it with `dfdev up`")
    plan = restarting(desired, observed, only)
    for name in {action.subject for action in plan.actions}:
        must_lead_inside(site.gate, name, desired.service(name).mounts, ours[name])
    return plan


def restart(site: Site, plan: Plan, emit: Emit) -> RestartResult:
    desired, observed = site.look()
    ours = by_service(desired.workspace, observed.containers)
    readiness = Readiness(site.engine, site.address)
    actor = Actor(site.engine, desired, readiness, emit, {name: found.id for name, found in ours.items()}, site.gate)
    execute(plan, actor, emit)
    names = {action.subject for action in plan.actions}
    rows = [r for r in service_rows(desired, site.engine.containers(), site.address) if r.name in names]
    return RestartResult(plan, with_proofs(rows, actor.proofs))
