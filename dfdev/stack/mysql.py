"""The database as a service: an image whose data directory lies outside every volume, fixtures baked in.

Its container holds what was changed since the bake, so it is stopped and kept where others are removed.
"""

from __future__ import annotations

from dfdev.core.desired import File, Health, Port, Service
from dfdev.stack.option_file import SETTINGS, quoted, settings_file
from dfdev.workspace.schema import MySQL

NAME = "mysql"
PORT = 3306
OPTIONS = "/etc/dfdev/mysql-client.cnf"
"""For the client in the container: whom to be, and the password."""
OWNER = 999
"""`mysql` in the official images of MySQL and MariaDB, and in ours; where the container runs as root, root reads it."""
_CLIENT = "exec $(command -v mysql || command -v mariadb)"
"""MariaDB's images have no `mysql` any more since 11."""

META = "dfdev_meta"
"""The database of dfdev's own row, written last: it says that the fixtures are complete."""
_BAKED = f"""
client=$(command -v mysql || command -v mariadb)
ask() {{ "$client" --defaults-extra-file={OPTIONS} --skip-column-names -e "$1" 2>&1; }}
[ "$(ask 'SELECT 1 FROM {META}.fixture LIMIT 1')" = 1 ] && exit
said=$(ask "SELECT 1 FROM information_schema.schemata HAVING SUM(schema_name = '{META}') = 0")
code=$?
[ "$said" = 1 ] && exit
echo "${{said:-its fixtures are not complete}}"
[ "$code" = 0 ] && exit 1
exit "$code"
"""
"""The row that is baked last; an image that was made by other means has no database of dfdev's."""


def mysql_service(config: MySQL, env: tuple[tuple[str, str], ...], patience: float) -> Service:
    """Ready when a query over TCP answers. The password travels in a 0600 option file, never by env or argv."""
    query = (
        _BAKED if config.fixtures else f"{_CLIENT} --defaults-extra-file={OPTIONS} --skip-column-names -e 'SELECT 1'"
    )
    return Service(
        NAME,
        config.image,
        kind="mysql",
        env=env,
        ports=(Port(config.port, PORT),),
        files=(File(OPTIONS, _option_file(config).encode(), mode=0o600, uid=OWNER, gid=OWNER), *_settings(config)),
        health=Health("mysql", config.user if config.password else "", PORT, ("sh", "-c", query), patience),
        stop_seconds=30,
        stateful=True,
    )


def _settings(config: MySQL) -> tuple[File, ...]:
    """No file without settings: a container of before they were known stays what it is."""
    if not config.settings:
        return ()
    return (File(SETTINGS, settings_file(config.settings), mode=0o644),)


def _option_file(config: MySQL) -> str:
    """127.0.0.1 with protocol TCP: a socket would also answer while the image initialises itself."""
    lines = ["[client]", "host=127.0.0.1", "protocol=tcp", f"user={quoted(config.user)}"]
    if config.password:
        lines.append(f"password={quoted(config.password)}")
    lines += ["[mysql]", "connect-timeout=3"]
    if config.database:
        lines.append(f"database={quoted(config.database)}")
    return "\n".join(lines) + "\n"
