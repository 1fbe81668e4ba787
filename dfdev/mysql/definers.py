"""Views, routines, triggers and events that belong to an account of another server: they fail when they are used."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from dfdev.core.events import Emit, Notice
from dfdev.errors import DfdevError
from dfdev.mysql.server import Server

_STRANGERS = """
SELECT who, COUNT(*) FROM (
    SELECT definer AS who FROM information_schema.views WHERE table_schema <> 'sys'
    UNION ALL SELECT definer FROM information_schema.routines WHERE routine_schema <> 'sys'
    UNION ALL SELECT definer FROM information_schema.triggers WHERE trigger_schema <> 'sys'
    UNION ALL SELECT definer FROM information_schema.events
) AS made WHERE who NOT IN (SELECT CONCAT(user, '@', host) FROM mysql.user) GROUP BY who
"""


def strangers(server: Server) -> dict[str, str]:
    """Account -> how many things; {} where we may not look."""
    with suppress(DfdevError):
        return {row[0]: row[1] for row in server.rows(_STRANGERS)}
    return {}


def tell_strangers(server: Server, emit: Emit, before: Mapping[str, str] | None = None) -> None:
    """A warning for each account that is not here. `before`: what was known of them already."""
    for who, count in strangers(server).items():
        if (before or {}).get(who) != count:
            text = (
                f"{count} views, routines, triggers or events are defined by {who}, an account that is not here:"
                " they fail when they are used; a file with CREATE USER for it mends that"
            )
            emit(Notice(text, warning=True))
