"""The workspace's database as it runs: its container, its server, and what its image says of the fixtures."""

from __future__ import annotations

from dfdev.core.frozen import dataclass
from dfdev.core.observed import Container
from dfdev.core.ours import held, mark_of
from dfdev.core.snapshots import snapshot_in
from dfdev.errors import ConfigError, DfdevError, EngineError, NotFound
from dfdev.mysql.baked import Baked, baked_of
from dfdev.mysql.server import Server
from dfdev.mysql.tables import Drift, changes, drift
from dfdev.stack.mysql import NAME, PORT
from dfdev.stack.obstacles import must_be_ours
from dfdev.stack.site import Site
from dfdev.workspace.schema import MySQL


@dataclass(frozen=True)
class Database:
    """`snapshot`: the name of the one that it was restored from, else "". `unfinished`: a killed command was about to
    replace its container.
    """

    container: Container
    server: Server
    baked: Baked | None
    snapshot: str
    unfinished: bool = False

    def changed(self) -> list[str] | None:
        """Titles of the tables that were changed since the bake. None: as for `drift`."""
        if self.baked is None or self.container.state != "running":
            return None
        found = changes(self.server, self.baked.rows)
        return None if found is None else found.titles

    def drift(self) -> Drift | None:
        """None: nobody knows what was baked, or it does not run. DfdevError."""
        if self.baked is None or self.container.state != "running":
            return None
        return drift(self.server, self.baked.rows)


def config_of(site: Site) -> MySQL:
    """ConfigError: this workspace has no database."""
    config = site.workspace.config.mysql
    if config is None:
        raise ConfigError("there is no [mysql] in dfdev.toml", "add it: image, user, password, database, fixtures")
    return config


def existing(site: Site) -> Database | None:
    """None: it has no container yet. DfdevError: another clone of this workspace has it."""
    config = config_of(site)
    containers = site.engine.containers()
    must_be_ours(site, containers)
    found = held(site.workspace.name, containers).get(NAME)
    if found is None:
        return None
    container = found.now
    baked = baked_of(mark_of(container).labels)
    login: dict[str, str | int] = {"user": config.user, "password": config.password, "host": "127.0.0.1", "port": PORT}
    server = Server(site.engine, container.id, login=login)
    return Database(container, server, baked, snapshot_in(container, site.workspace.name), bool(found.others))


def published_port(site: Site) -> int:
    """On this host: where its container has it, else where the file will have it."""
    wanted = config_of(site).port
    try:
        found = existing(site)
    except EngineError:
        return wanted
    ports = found.container.ports if found is not None else ()
    return next((p.host for p in ports if p.container == PORT), wanted)


def baked_in_image(site: Site) -> Baked | None:
    """Of the image that the workspace names. None: it is not here, or `mysql build` did not make it."""
    try:
        return baked_of(site.engine.image_labels(config_of(site).image))
    except NotFound:
        return None


def running(site: Site) -> Database:
    """DfdevError: it does not run."""
    found = existing(site)
    if found is None or found.container.state != "running":
        raise DfdevError("the database does not run", "start it with `dfdev up mysql`")
    return found
