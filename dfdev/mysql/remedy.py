"""What to write so that the server here does as production does. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from dfdev.mysql.behaviour import BEHAVIOURS
from dfdev.mysql.effective import image_of, meaning, since_8
from dfdev.workspace.mysql_settings import zone
from dfdev.workspace.problem import quoted

Variables = Mapping[str, str]

BUILD = "`dfdev mysql build`"
UP = "`dfdev up`"
_PLUGIN = "default_authentication_plugin"
_NAMED_ZONE = re.compile(r"[+-]\d\d?:\d\d|\w+/[\w/+-]+", re.ASCII)


def setting_of(name: str, wanted: str, ours: Variables) -> str:
    """The lines for [mysql.settings], "" where none helps or the server here would not start with it."""
    behaviour = BEHAVIOURS[name]
    if behaviour.way != "setting" or name == "version" or name not in ours:
        return ""
    if behaviour.kind == "zone":
        return f"time_zone = {quoted(zone(wanted))}" if _NAMED_ZONE.fullmatch(zone(wanted)) else ""
    if name == "log_bin":
        return _log_bin(meaning("flag", wanted) == "ON", ours)
    if name == _PLUGIN:
        return _plugin(wanted, ours)
    if name == "collation_server" and not _knows_collation(wanted, _version(ours)):
        return ""
    return f"{name} = {_toml(name, wanted)}"


def way_out(name: str, setting: str, theirs: Variables, ours: Variables) -> str:
    """`setting`: what `setting_of` said. What to do, in one line."""
    behaviour = BEHAVIOURS[name]
    if setting:
        then = BUILD if behaviour.build else UP
        return f"{' and '.join(setting.splitlines())} in [mysql.settings], then {then}"
    if behaviour.way == "none":
        return "nothing to set: save the variables of the server that the application writes to"
    if behaviour.way == "persist":
        return _persist(name, theirs[name], ours)
    if behaviour.kind == "zone":
        return f'the zone that "{theirs[name]}" is short for, as in time_zone = "Europe/Berlin" in [mysql.settings]'
    if name == _PLUGIN and image_of(_version(theirs)) in ("", image_of(_version(ours))):
        return f"CREATE USER … IDENTIFIED WITH {theirs[name]} in the fixtures, then {BUILD}"
    return _base(_version(theirs))


def _base(version: str) -> str:
    image = image_of(version)
    base = f"base = {quoted(image)}" if image else "production's version as base"
    return f"{base} in [mysql], then {BUILD}"


def _log_bin(on: bool, ours: Variables) -> str:
    """The option takes the name of the logs: log_bin = true would call them "ON". MySQL before 8 wants an id too."""
    if not on:
        return "skip_log_bin = true"
    needs_id = image_of(_version(ours)).startswith("mysql:") and not since_8(_version(ours))
    return 'log_bin = "binlog"' + ("\nserver_id = 1" if needs_id else "")


def _plugin(wanted: str, ours: Variables) -> str:
    """After 8.0 mysql_native_password is off, and after 9.0 it is gone. Source: MySQL manual, Native Authentication."""
    if "authentication_policy" not in ours:
        return f"{_PLUGIN} = {quoted(wanted)}"
    gone = wanted == "mysql_native_password" and image_of(_version(ours)) != "mysql:8.0"
    return "" if gone else f"authentication_policy = {quoted(wanted + ',,')}"


def _knows_collation(name: str, version: str) -> bool:
    """MySQL 8 and MariaDB each have collations of their own."""
    if "_0900_" in name:
        return since_8(version)
    return "_uca1400_" not in name or "mariadb" in version.lower()


def _toml(name: str, wanted: str) -> str:
    kind = BEHAVIOURS[name].kind
    value = meaning(kind, wanted)
    if kind == "flag" and value in ("ON", "OFF"):
        return "true" if value == "ON" else "false"
    return str(value) if isinstance(value, int) else quoted(wanted)


def _persist(name: str, wanted: str, ours: Variables) -> str:
    value = meaning("flag", wanted) if BEHAVIOURS[name].kind == "flag" else f"'{wanted}'"
    if since_8(_version(ours)):
        return f"no startup option: SET PERSIST {name} = {value}; in a file of the fixtures, then {BUILD}"
    return f"no startup option: SET SESSION {name} = {value} when the application connects"


def _version(variables: Variables) -> str:
    return variables.get("version", "")
