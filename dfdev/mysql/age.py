"""Whether the fixtures are too old for the code, or too old at all."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable

from dfdev.core.amounts import time_text
from dfdev.core.observed import Container
from dfdev.core.ours import by_service
from dfdev.errors import EngineError
from dfdev.mysql.baked import Baked, baked_of
from dfdev.mysql.migrations import migrations_of
from dfdev.stack.mysql import NAME
from dfdev.stack.site import Site
from dfdev.workspace.values import parse_age


def old_fixtures(site: Site, containers: Iterable[Container]) -> list[str]:
    """What to say of the fixtures that the database has, or would have; [] when they will do, or nobody can tell."""
    config = site.workspace.config.mysql
    baked = _baked(site, containers) if config is not None and config.fixtures else None
    if config is None or baked is None:
        return []
    return staleness(baked, migrations_of(site), parse_age(config.rebuild_after), time.time())


def staleness(baked: Baked, migrations: Collection[str], limit: float, now: float) -> list[str]:
    """`migrations`: those of the code, as in `Baked`. `limit`: seconds, 0 for none."""
    found: list[str] = []
    new = sorted(set(migrations) - set(baked.migrations))
    if new:
        shown = ", ".join(new[:3]) + (", …" if len(new) > 3 else "")
        count = f"{len(new)} migration{'s' if len(new) > 1 else ''}"
        found.append(
            f"the fixtures were baked before {count} of the code: {shown}; `dfdev mysql build` bakes them anew"
        )
    age = now - baked.at
    if limit and age > limit:
        found.append(
            f"the fixtures are {time_text(age)} old, and `rebuild_after` under [mysql] is {time_text(limit)}:"
            " `dfdev mysql build --force` bakes them anew"
        )
    return found


def _baked(site: Site, containers: Iterable[Container]) -> Baked | None:
    """Of the container that is there, else of the image that it would be made of."""
    ours = by_service(site.workspace.name, containers).get(NAME)
    if ours:
        return baked_of(ours[0].labels)
    config = site.workspace.config.mysql
    try:
        return baked_of(site.engine.image_labels(config.image)) if config is not None else None
    except EngineError:
        return None
