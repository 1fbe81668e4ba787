"""What variables mean: one name and one spelling for what a server does. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from dfdev.mysql.behaviour import Kind
from dfdev.workspace.mysql_settings import zone

_SAME = {"tx_isolation": "transaction_isolation", "default_time_zone": "time_zone"}
_FLAGS = {"1": "ON", "TRUE": "ON", "YES": "ON", "0": "OFF", "FALSE": "OFF", "NO": "OFF"}
_NUMBER = re.compile(r"(\d{1,20})([KMGT]?)", re.IGNORECASE | re.ASCII)
_POWERS = {"": 0, "K": 1, "M": 2, "G": 3, "T": 4}
_VERSION = re.compile(r"(\d+)\.(\d+)", re.ASCII)
_STRICT = ("STRICT_TRANS_TABLES", "STRICT_ALL_TABLES", "NO_ZERO_IN_DATE", "NO_ZERO_DATE")
_COMBINED = {
    "ANSI": ("REAL_AS_FLOAT", "PIPES_AS_CONCAT", "ANSI_QUOTES", "IGNORE_SPACE"),
    "TRADITIONAL": (*_STRICT, "ERROR_FOR_DIVISION_BY_ZERO", "NO_ENGINE_SUBSTITUTION"),
}
"""Modes for several; a server shows all of them, a parameter group only the one. Source: MySQL manual, SQL Modes."""
_GONE_IN_8 = (
    "NO_AUTO_CREATE_USER", "NO_FIELD_OPTIONS", "NO_KEY_OPTIONS", "NO_TABLE_OPTIONS", "DB2", "MAXDB", "MSSQL",
    "MYSQL323", "MYSQL40", "ORACLE", "POSTGRESQL",
)  # fmt: skip


def effective(variables: Mapping[str, str]) -> dict[str, str]:
    """With the names of today; the time zone that SYSTEM stands for; the plugin that new accounts get."""
    found = {_SAME.get(name, name): value.strip() for name, value in variables.items()}
    if found.get("time_zone", "SYSTEM").upper() == "SYSTEM":
        found["time_zone"] = found.get("system_time_zone", "")
        if not found["time_zone"]:
            del found["time_zone"]
    policy = found.get("authentication_policy", "").partition(",")[0].strip()
    if policy and (policy != "*" or "default_authentication_plugin" not in found):
        found["default_authentication_plugin"] = "caching_sha2_password" if policy == "*" else policy
    return found


def meaning(kind: Kind, value: str) -> object:
    """Equal for two values that do the same."""
    if kind == "modes":
        return modes(value)
    if kind == "flag":
        return _FLAGS.get(value.upper(), value.upper())
    if kind == "number":
        return _number(value)
    if kind == "charset":
        return re.sub(r"^utf8(?=_|$)", "utf8mb3", value.lower())
    if kind == "zone":
        return zone(value).lower()
    if kind == "version":
        return image_of(value) or value
    return value.upper().replace(" ", "-") if kind == "level" else value.lower()


def modes(value: str) -> frozenset[str]:
    """The modes of a `sql_mode`, each one that stands for several as those."""
    names = [name.strip().upper() for name in value.split(",") if name.strip() not in ("", "0")]
    return frozenset(mode for name in names for mode in _COMBINED.get(name, (name,)))


def modes_for(value: str, version: str) -> str:
    """A `sql_mode` without those that MySQL 8 has no more: with one of them it does not start."""
    if not since_8(version):
        return value
    names = [name.strip() for name in value.split(",")]
    return ",".join(name for name in names if name.upper() not in _GONE_IN_8)


def _number(value: str) -> int | str:
    found = _NUMBER.fullmatch(value)
    return int(found[1]) * 1024 ** _POWERS[found[2].upper()] if found else _FLAGS.get(value.upper(), value.upper())


def image_of(version: str) -> str:
    """ "8.0.35-log" -> "mysql:8.0", "10.6.14-MariaDB" -> "mariadb:10.6", "" for what is no version."""
    found = _VERSION.match(version)
    if found is None:
        return ""
    return f"{'mariadb' if 'mariadb' in version.lower() else 'mysql'}:{found[1]}.{found[2]}"


def since_8(version: str) -> bool:
    """MySQL 8 or later: SET PERSIST is there, old modes are not."""
    name, _, number = image_of(version).partition(":")
    return name == "mysql" and int(number.partition(".")[0]) >= 8
