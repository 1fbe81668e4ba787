"""What `mysql status` tells: asked of the server, the container and the image, in one go."""

from __future__ import annotations

from collections.abc import Iterator

from dfdev.core.amounts import size_text, time_text
from dfdev.core.frozen import dataclass
from dfdev.mysql.checking import server_variables
from dfdev.mysql.database import config_of, running
from dfdev.mysql.likeness import Difference, unheeded
from dfdev.mysql.renew import written
from dfdev.mysql.server import Server
from dfdev.mysql.tables import SYSTEM, Drift
from dfdev.stack.site import Site

_MOST = 8
_STATUS = "SHOW GLOBAL STATUS WHERE variable_name IN ('Uptime', 'Threads_connected')"
_SIZE = (
    "SELECT COALESCE(SUM(data_length + index_length), 0) FROM information_schema.tables"
    f" WHERE table_schema NOT IN ({SYSTEM})"
)


@dataclass(frozen=True)
class Overview:
    """`uptime` in seconds; `size`, `written` in bytes: of the data, and of what the container holds beyond its image;
    `connections`: without the one that asks. `baked_at`: Unix time, 0.0 where the image does not tell.
    """

    version: str
    uptime: float
    connections: int
    size: int
    written: int
    image: str
    snapshot: str
    digest: str
    baked_at: float
    files: int
    drift: Drift | None
    unheeded: tuple[Difference, ...] = ()
    """What [mysql.settings] asks for and this server does not have."""

    def as_json(self) -> dict[str, object]:
        changed = None if self.drift is None else {t: {"baked": b, "now": n} for t, (b, n) in self.drift.rows.items()}
        return {
            "version": self.version,
            "uptime": self.uptime,
            "connections": self.connections,
            "size": self.size,
            "written": self.written,
            "image": self.image,
            "snapshot": self.snapshot or None,
            "fixtures": self._fixtures(),
            "changed": changed,
            "unheeded": {d.name: {"asked": d.production, "has": d.here} for d in self.unheeded},
        }

    def _fixtures(self) -> dict[str, object] | None:
        return {"digest": self.digest, "baked_at": self.baked_at, "files": self.files} if self.digest else None

    def lines(self, now: float) -> Iterator[tuple[str, str]]:
        """`now`: Unix time."""
        yield "server", f"{self.version}, up {time_text(self.uptime)}, {self.connections} connections"
        yield "data", f"{size_text(self.size)}; {size_text(self.written)} written since its container was made"
        yield "image", self.image + (f" (snapshot {self.snapshot})" if self.snapshot else "")
        if self.digest:
            age = time_text(max(0.0, now - self.baked_at))
            yield "fixtures", f"{self.files} files, baked {age} ago, {self.digest[:12]}"
        yield "changed", self._changed()
        if self.unheeded:
            named = ", ".join(f"{d.name} is {d.here or 'empty'}, not {d.production}" for d in self.unheeded)
            yield "settings", f"{named}: {self.unheeded[0].way_out}"

    def _changed(self) -> str:
        if self.drift is None:
            return "unknown: the image was not made by `dfdev mysql build`"
        if not self.drift.rows:
            return "nothing since the bake"
        shown = [f"{table} ({_rows(*rows)})" for table, rows in list(self.drift.rows.items())[:_MOST]]
        more = len(self.drift.rows) - len(shown)
        return ", ".join(shown) + (f" and {more} more" if more > 0 else "")


def overview(site: Site) -> Overview:
    """DfdevError: it does not run, or does not answer."""
    database = running(site)
    server, baked = database.server, database.baked
    figures = dict(server.rows(_STATUS))
    return Overview(
        str(server.version()),
        float(figures["Uptime"]),
        max(0, int(figures["Threads_connected"]) - 1),
        int(server.value(_SIZE)),
        written(site, database),
        database.container.image,
        database.snapshot,
        baked.digest if baked else "",
        baked.at if baked else 0.0,
        baked.files if baked else 0,
        database.drift(),
        _unheeded(site, server),
    )


def _unheeded(site: Site, server: Server) -> tuple[Difference, ...]:
    settings = config_of(site).settings
    return unheeded(settings, server_variables(server.rows)) if settings else ()


def _rows(baked: int | None, now: int | None) -> str:
    if baked is None:
        return f"new, {now} rows"
    if now is None:
        return "gone"
    return f"{now} rows, {now - baked:+d}" if now != baked else f"{now} rows, same number"
