"""What cannot go into the server's option file: every problem of `[mysql.settings]`. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from dfdev.workspace.mysql_settings import KNOWN, LOOSE, Setting, option_name
from dfdev.workspace.problem import Parts, Problem, found, key_path, quoted

_AT: Parts = ("mysql", "settings")
_NAME = re.compile(r"[a-z][a-z0-9_-]*(\.[a-z][a-z0-9_-]*)?", re.IGNORECASE | re.ASCII)
"""A component's variables have a dot: validate_password.policy."""
_NEAR = 0.87
"""Of difflib: one letter off in "sql_mode" is near, and no two variables of a server are."""
_LONGEST = 4000
"""Bytes of a line: the server reads an option file in pieces of 4096."""

_DATA = "the data folder is the image's: the fixtures are in it"
_SERVES = "dfdev publishes port 3306 of the container and asks there whether the server is ready"
_STARTS = "the image decides how its server starts"
_OWNED = {
    "datadir": _DATA,
    "basedir": _STARTS,
    "plugin_dir": _STARTS,
    "user": "the image decides whom the server runs as",
    "socket": "the clients in the image look for the socket where the image has it",
    "pid_file": _STARTS,
    "port": "the port on this computer is mysql.port",
    "bind_address": _SERVES,
    "skip_networking": _SERVES,
    "networking": _SERVES,
    "skip_grant_tables": "it closes the network too: dfdev could not ask whether the server is ready",
    "grant_tables": "it closes the network too: dfdev could not ask whether the server is ready",
    "init_file": "statements for every start belong into the fixtures",
    "log_error": "`dfdev logs mysql` shows what the server writes to its standard error",
    "defaults_file": _STARTS,
    "defaults_extra_file": _STARTS,
    "defaults_group_suffix": _STARTS,
    "no_defaults": _STARTS,
    "initialize": "data is made by `dfdev mysql build`",
    "initialize_insecure": "data is made by `dfdev mysql build`",
    "daemonize": _STARTS,
    "chroot": _STARTS,
    "help": "the server would print its help and end",
    "version": "the version is that of mysql.base",
    "system_time_zone": 'it follows the environment: TZ = "Europe/Berlin" in [mysql.env]; or set time_zone',
}
_CLIENTS = "the client of each connection chooses it; the server has character_set_server and collation_server"
_CONNECTIONS = (
    "the server takes it by SET only: SET PERSIST in the fixtures, or SET SESSION when the application connects"
)
_OF_CLIENTS = (
    "character_set_client", "character_set_connection", "character_set_results", "character_set_database",
    "collation_connection", "collation_database",
)  # fmt: skip
_OF_CONNECTIONS = (
    "default_collation_for_utf8mb4", "foreign_key_checks", "insert_id", "last_insert_id", "profiling",
    "sql_auto_is_null", "sql_big_selects", "sql_buffer_result", "sql_log_bin", "sql_log_off", "sql_notes",
    "sql_quote_show_create", "sql_safe_updates", "sql_warnings", "timestamp", "unique_checks",
)  # fmt: skip
_NO_OPTION = {**dict.fromkeys(_OF_CLIENTS, _CLIENTS), **dict.fromkeys(_OF_CONNECTIONS, _CONNECTIONS)}
"""Variables without a startup option: with one of them the server does not start. Source: MySQL's sql/sys_vars.cc."""


def check_settings(settings: Mapping[str, Setting]) -> Iterator[Problem]:
    taken: dict[str, str] = {}
    for key, value in settings.items():
        name = option_name(key).removeprefix(LOOSE)
        problem = _name_problem(key, name, value) or _value_problem(key, value)
        if problem is None and name in taken:
            problem = Problem(_path(key), "each variable once", f"{name}, which {taken[name]} sets too")
        if problem is not None:
            yield problem
        taken.setdefault(name, _path(key))


def _name_problem(key: str, name: str, value: Setting) -> Problem | None:
    if not _NAME.fullmatch(key):
        return Problem(_path(key), "a variable's name of letters, digits, _ and -", quoted(key))
    if name in _OWNED:
        return Problem(_path(key), "a variable that dfdev leaves to you", found((*_AT, key), value), _OWNED[name])
    if name in _NO_OPTION:
        return Problem(_path(key), "a variable that the server takes at its start", name, _NO_OPTION[name])
    near = "" if name in KNOWN or key.lower().startswith("loose") else _near(name)
    return Problem(_path(key), "a variable of the server", name, f"did you mean {near}?") if near else None


def _near(name: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name[:100], [*KNOWN, *_NO_OPTION], n=1, cutoff=_NEAR)
    return near[0] if near else ""


def _value_problem(key: str, value: Setting) -> Problem | None:
    text = str(value)
    if any(char in text for char in "\n\r\0"):
        return Problem(_path(key), "a value on one line, without NUL characters", found((*_AT, key), value))
    escapes = text.count('"') + text.count("\\")
    if len(key) + len(text.encode(errors="surrogatepass")) + escapes > _LONGEST:
        return Problem(_path(key), f"a value of at most {_LONGEST} bytes", f"{len(text)} characters")
    return None


def _path(key: str) -> str:
    return key_path((*_AT, key))
