"""The front end as a service of the workspace: `[frontend] watch = true`, and `dfdev up` starts the watcher."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from dfdev.core.desired import Service
from dfdev.core.events import Emit
from dfdev.core.observed import EngineInfo
from dfdev.core.ours import by_service
from dfdev.frontend.events import remembered, settle
from dfdev.frontend.front import front_of
from dfdev.frontend.spec import WATCH, Front, watch_service
from dfdev.frontend.tools import make_mount_points, must_run_on, user_of
from dfdev.stack.site import Extra, Site


def with_watcher(site: Site) -> Site:
    """The front end's files are read when the services are looked at: ConfigError then."""

    @cache
    def front() -> Front:
        return front_of(site)

    def services(info: EngineInfo) -> tuple[Service, ...]:
        return (watch_service(front(), user_of(info, site.uid, site.gid)),)

    return replace(site, extra=Extra(lambda: (front().image,), services))


def prepare(site: Site, emit: Emit) -> None:
    """Before `up`: its image is built, not pulled; and what the modules are mounted on is the developer's."""
    front = front_of(site)
    make_mount_points(front, site.uid, site.gid)
    if site.engine.image_id(front.image) is None:
        from dfdev.frontend.making import ensured_image

        must_run_on(site.engine.info(), front)
        ensured_image(site, front, emit)


def settle_events(site: Site) -> None:
    """After `up`: the watcher waits to be told whether it gets events."""
    front = front_of(site)
    watcher = by_service(site.workspace.name, site.engine.containers()).get(WATCH)
    if watcher is None or not watcher.running or front.config.events != "auto":
        return
    if not remembered(site.engine, watcher.id):
        settle(site.engine, watcher.id, front)
