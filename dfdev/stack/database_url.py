"""Where the database is, for programs: as a URL and as single values. Pure."""

from __future__ import annotations

from dfdev.stack.mysql import NAME, PORT
from dfdev.workspace.schema import MySQL
from dfdev.workspace.workspace import Workspace

_PERSONAL = (".env.local", "environment")


def database_url(config: MySQL, host: str, port: int, *, password: bool = True) -> str:
    """`mysql://user:password@host:port/database`, everything escaped that has a meaning in a URL."""
    from urllib.parse import quote

    secret = f":{quote(config.password, safe='')}" if password and config.password else ""
    return f"mysql://{quote(config.user, safe='')}{secret}@{host}:{port}/{quote(config.database, safe='')}"


def offered(workspace: Workspace) -> dict[str, str]:
    """What services that need the database find in their environment. A password that a person keeps to himself is
    not in it: an environment can be read by `docker inspect`. That of the fixtures is no secret, it is in the image.
    """
    config = workspace.config.mysql
    if config is None:
        return {}
    known = not any(v.layer in _PERSONAL for v in workspace.origin("mysql.password").variables)
    values = {
        "DATABASE_URL": database_url(config, NAME, PORT, password=known),
        "MYSQL_HOST": NAME,
        "MYSQL_PORT": str(PORT),
        "MYSQL_USER": config.user,
        "MYSQL_DATABASE": config.database,
    }
    return values | ({"MYSQL_PASSWORD": config.password} if known and config.password else {})
