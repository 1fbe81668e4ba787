"""A new container for the database, and nothing else touched: `mysql reset` and `mysql restore`.

Who depends on it stays up, and finds the new one by the same name.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import replace

from dfdev.core.events import Emit
from dfdev.core.frozen import dataclass
from dfdev.core.ours import by_service
from dfdev.core.plan import Plan
from dfdev.core.reconcile import Choices, reconcile
from dfdev.core.snapshots import with_image
from dfdev.errors import NotFound
from dfdev.mysql.database import Database
from dfdev.stack.act import Actor
from dfdev.stack.carry_out import carry_out
from dfdev.stack.memory import memory_of
from dfdev.stack.mysql import NAME
from dfdev.stack.obstacles import must_be_clear
from dfdev.stack.ready import Pace, Readiness
from dfdev.stack.site import Site

_QUICK = Pace(first=0.02, last=0.05)
"""Seconds between two questions: all of it takes one or two."""


@dataclass(frozen=True)
class Renewed:
    """`reclaimed`: bytes that the old container had written; `seconds`: until the new one answered a query."""

    plan: Plan
    reclaimed: int
    seconds: float


def renew(site: Site, image: str, before: Database | None, emit: Emit) -> Renewed:
    """The container that is there goes with its data; one of `image` comes and answers. DfdevError."""
    reclaimed = written(site, before)
    began = time.monotonic()
    desired, observed, info = site.survey()
    desired = with_image(desired, NAME, image)
    observed = replace(observed, images={**observed.images, image: site.engine.image_id(image)})
    plan = reconcile(desired, observed, Choices(only=frozenset({NAME}), renew=frozenset({NAME})))
    must_be_clear(site, desired, observed, plan)
    memory = memory_of(site, info)
    memory.forget_what_goes(plan)
    carry_out(
        plan, Actor(site.engine, desired, Readiness(site.engine, site.address, _QUICK), emit, {}, site.gate), emit
    )
    memory.remember(by_service(desired.workspace, site.engine.containers()).values())
    return Renewed(plan, reclaimed, round(time.monotonic() - began, 3))


def written(site: Site, database: Database | None) -> int:
    """Bytes that its container holds beyond its image."""
    with suppress(NotFound):
        return site.engine.written(database.container.id) if database is not None else 0
    return 0
