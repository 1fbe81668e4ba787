"""MySQL's option files: what the server reads at its start. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dfdev.workspace.mysql_settings import Setting

SETTINGS = "/etc/mysql/conf.d/zz-dfdev.cnf"
"""The official images of MySQL and MariaDB, and ours, read this folder; the last file in it has the last word."""


def settings_file(settings: Mapping[str, Setting]) -> bytes:
    """`[mysql.settings]` as the server's option file: one `name = "value"` a line, sorted."""
    from dfdev.workspace.mysql_settings import option_name, option_value  # regular expressions: not for every `status`

    lines = sorted(f"{option_name(name)} = {quoted(option_value(name, value))}" for name, value in settings.items())
    return "\n".join(("[mysqld]", *lines, "")).encode()


def quoted(value: str) -> str:
    """Quotes and escapes of MySQL's option files. Source: MySQL manual, Using Option Files."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
