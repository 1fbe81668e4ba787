"""Names and values of `[mysql.settings]`, as the server's option files want them. Pure.

Every setting is written as it is, never with `loose_`: a server that does not know one says so and does not start,
where `loose_` would leave a warning in a log that nobody reads and a laptop that is unlike production. Who wants
that for one setting, because one file serves two kinds of server, writes `loose_NAME` himself.
"""

from __future__ import annotations

import re

Setting = str | int | bool

LOOSE = "loose_"
KNOWN = (
    "authentication_policy", "auto_increment_increment", "auto_increment_offset", "autocommit", "binlog_format",
    "binlog_row_image", "block_encryption_mode", "character_set_server", "collation_server", "connect_timeout",
    "default_authentication_plugin", "default_storage_engine", "default_time_zone",
    "default_tmp_storage_engine", "default_week_format", "div_precision_increment", "event_scheduler",
    "explicit_defaults_for_timestamp", "ft_max_word_len", "ft_min_word_len", "general_log", "group_concat_max_len",
    "init_connect", "innodb_buffer_pool_size", "innodb_default_row_format", "innodb_file_per_table",
    "innodb_ft_max_token_size", "innodb_ft_min_token_size", "innodb_large_prefix", "innodb_lock_wait_timeout",
    "innodb_print_all_deadlocks", "innodb_rollback_on_timeout", "innodb_strict_mode", "interactive_timeout",
    "local_infile", "lock_wait_timeout", "log_bin", "log_bin_trust_function_creators", "lower_case_table_names",
    "max_allowed_packet", "max_connections", "max_execution_time", "max_heap_table_size", "max_sp_recursion_depth",
    "max_user_connections", "net_read_timeout", "net_write_timeout", "read_only", "require_secure_transport",
    "show_compatibility_56", "slow_query_log", "sql_generate_invisible_primary_key", "sql_mode",
    "sql_require_primary_key", "super_read_only", "time_zone", "tmp_table_size", "transaction_isolation",
    "transaction_read_only", "wait_timeout",
)  # fmt: skip
"""Variables that people set, to know their near misses by. Any other name is the server's to judge."""

_OPTION_NAMES = {
    "time_zone": "default_time_zone",
    "tx_isolation": "transaction_isolation",
    "tx_read_only": "transaction_read_only",
    "storage_engine": "default_storage_engine",
}
"""Variables whose startup option has another name. Source: MySQL manual, Server System Variables."""
_UTC = ("UTC", "ETC/UTC", "GMT", "ETC/GMT")
_SIZE = re.compile(r"(\d{1,12}) ?([KMG])(?:I?B)?", re.IGNORECASE | re.ASCII)


def option_name(name: str) -> str:
    """ "Time-Zone" -> "default_time_zone"; a `loose_` stays in front."""
    plain = name.lower().replace("-", "_")
    bare = plain.removeprefix(LOOSE)
    return plain.removesuffix(bare) + _OPTION_NAMES.get(bare, bare)


def option_value(name: str, value: Setting) -> str:
    """The text that the server understands: true -> ON, "64MiB" -> 64M, UTC -> +00:00, "READ COMMITTED" -> with a -."""
    if isinstance(value, bool):
        return "ON" if value else "OFF"
    bare = option_name(name).removeprefix(LOOSE)
    text = str(value)
    if bare == "default_time_zone":
        return zone(text)
    if bare == "transaction_isolation":
        return text.strip().upper().replace(" ", "-")
    size = _SIZE.fullmatch(text)
    return size[1] + size[2].upper() if size else text


def zone(text: str) -> str:
    """UTC by any of its names is +00:00: a server without time zone tables does not start with a zone's name."""
    return "+00:00" if text.upper() in _UTC else text
