"""`dfdev down`: stop and remove the workspace's containers and network; data stays unless it is asked to go."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from dfdev.core.desired import Desired
from dfdev.core.events import Emit
from dfdev.core.labels import WORKSPACE
from dfdev.core.plan import Loss, Plan
from dfdev.core.teardown import teardown
from dfdev.errors import UsageError
from dfdev.stack.act import Actor
from dfdev.stack.execute import execute
from dfdev.stack.memory import Memory, memory_of
from dfdev.stack.obstacles import must_be_ours
from dfdev.stack.ready import Readiness
from dfdev.stack.settle import settled
from dfdev.stack.site import Site
from dfdev.stack.tell import tell_look_alikes, tell_unfinished


def plan_down(site: Site, with_data: bool, confirm: Callable[[Sequence[Loss]], bool]) -> tuple[Desired, Plan, Memory]:
    """The workspace, the steps of `down`, the memory of its database. UsageError: data would go, and nobody agreed."""
    desired, observed, info = site.survey()
    must_be_ours(site, observed.containers)
    if with_data:
        observed = replace(observed, volumes=tuple(site.engine.volumes(f"{WORKSPACE}={desired.workspace}")))
    plan = teardown(desired, observed, with_data=with_data)
    if plan.losses and not confirm(plan.losses):
        raise UsageError("nothing was removed", "without --data the database and the volumes of services are kept")
    memory = memory_of(site, info)
    memory.remember(c for c in observed.containers if c.name in {kept.container for kept in plan.kept})
    return desired, plan, memory


def down(site: Site, with_data: bool, confirm: Callable[[Sequence[Loss]], bool], emit: Emit) -> Plan:
    """The plan that was carried out (by the last attempt)."""
    return settled(lambda: _take_down(site, *plan_down(site, with_data, confirm), emit), emit)


def _take_down(site: Site, desired: Desired, plan: Plan, memory: Memory, emit: Emit) -> Plan:
    memory.forget_what_goes(plan)
    tell_look_alikes(plan, emit)
    tell_unfinished(plan.unfinished, emit)
    execute(plan, Actor(site.engine, desired, Readiness(site.engine, site.address), emit, {}, site.gate), emit)
    return plan
