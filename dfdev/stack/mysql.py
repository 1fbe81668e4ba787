"""The database as a service: an image whose data directory lies outside every volume, fixtures baked in.

Its container holds what was changed since the bake, so it is stopped and kept where others are removed.
"""

from __future__ import annotations

from dfdev.core.desired import File, Health, Port, Service
from dfdev.workspace.schema import MySQL

NAME = "mysql"
_PORT = 3306
_OPTIONS = "/etc/dfdev/mysql-client.cnf"
_OWNER = 999
"""`mysql` in the official images of MySQL and MariaDB, and in ours; where the container runs as root, root reads it."""
_CLIENT = "exec $(command -v mysql || command -v mariadb)"
"""MariaDB's images have no `mysql` any more since 11."""


def mysql_service(config: MySQL, env: tuple[tuple[str, str], ...], patience: float) -> Service:
    """Ready when a query over TCP answers. The password travels in a 0600 option file, never by env or argv."""
    query = f"{_CLIENT} --defaults-extra-file={_OPTIONS} --skip-column-names -e 'SELECT 1'"
    return Service(
        NAME,
        config.image,
        kind="mysql",
        env=env,
        ports=(Port(config.port, _PORT),),
        files=(File(_OPTIONS, _option_file(config).encode(), mode=0o600, uid=_OWNER, gid=_OWNER),),
        health=Health("mysql", port=_PORT, command=("sh", "-c", query), timeout=patience),
        stop_seconds=30,
        stateful=True,
    )


def _option_file(config: MySQL) -> str:
    """127.0.0.1 with protocol TCP: a socket would also answer while the image initialises itself."""
    lines = ["[client]", "host=127.0.0.1", "protocol=tcp", f"user={_quoted(config.user)}"]
    if config.password:
        lines.append(f"password={_quoted(config.password)}")
    lines += ["[mysql]", "connect-timeout=3"]
    if config.database:
        lines.append(f"database={_quoted(config.database)}")
    return "\n".join(lines) + "\n"


def _quoted(value: str) -> str:
    """Quotes and escapes of MySQL's option files. Source: MySQL manual, Using Option Files."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
