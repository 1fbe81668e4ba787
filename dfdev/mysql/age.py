"""Whether the fixtures are too old for the code, or too old at all."""

from __future__ import annotations

import time
from collections.abc import Collection

from dfdev.core.amounts import time_text
from dfdev.mysql.baked import Baked
from dfdev.mysql.database import baked_in_image, config_of, existing
from dfdev.mysql.migrations import migrations_of
from dfdev.stack.site import Site
from dfdev.workspace.values import parse_age


def old_fixtures(site: Site) -> list[str]:
    """What to say of the fixtures that the database has, or would have; [] when they will do, or nobody can tell."""
    config = config_of(site)
    database = existing(site)
    baked = database.baked if database is not None else baked_in_image(site)
    if baked is None:
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
