"""The variables that change what an application sees, and what each of them changes. Values only.

Left out on purpose: buffers, caches, logs, threads, replication. They make a server slower or faster, not other.
Source: MySQL manual, Server System Variables.
"""

from __future__ import annotations

from typing import Literal

from dfdev.core.frozen import dataclass

Kind = Literal["text", "flag", "number", "modes", "charset", "zone", "version", "level"]
Way = Literal["setting", "persist", "none"]


@dataclass(frozen=True)
class Behaviour:
    """`why`: what breaks. `build`: only data that is made anew has it. `unknown`: what a server does that does not
    know the variable; empty: nothing can be said. `way`: by what it is set: a startup option, SET PERSIST, nothing.
    """

    why: str
    kind: Kind = "text"
    build: bool = False
    unknown: str = ""
    way: Way = "setting"


BEHAVIOURS = {
    "version": Behaviour("syntax, reserved words, defaults and the optimiser are another version's", "version"),
    "sql_mode": Behaviour("which statements are refused", "modes"),
    "lower_case_table_names": Behaviour("whether a table is found under another spelling", "number", build=True),
    "character_set_server": Behaviour("which characters new tables can hold: emoji, names", "charset", build=True),
    "collation_server": Behaviour("what is equal, sorted and UNIQUE in new tables", "charset", build=True),
    "time_zone": Behaviour("what NOW() says and which hour a TIMESTAMP shows", "zone"),
    "transaction_isolation": Behaviour("what a transaction sees of the others, and which rows it locks", "level"),
    "autocommit": Behaviour("whether a statement without BEGIN is kept", "flag"),
    "explicit_defaults_for_timestamp": Behaviour(
        "whether a TIMESTAMP column may be NULL and updates itself", "flag", build=True
    ),
    "innodb_strict_mode": Behaviour("whether CREATE TABLE fails or warns about row size and options", "flag"),
    "sql_require_primary_key": Behaviour("whether a table without a primary key can be made", "flag", unknown="OFF"),
    "sql_generate_invisible_primary_key": Behaviour(
        "whether tables without a primary key get a hidden one", "flag", build=True, unknown="OFF"
    ),
    "max_allowed_packet": Behaviour("how big a row, a blob or a statement may be", "number"),
    "group_concat_max_len": Behaviour("where GROUP_CONCAT cuts its result off, with a mere warning", "number"),
    "auto_increment_increment": Behaviour("the steps of generated keys", "number"),
    "auto_increment_offset": Behaviour("the first of generated keys", "number"),
    "div_precision_increment": Behaviour("how many digits a division has", "number"),
    "default_storage_engine": Behaviour("whether new tables have transactions and foreign keys", build=True),
    "innodb_default_row_format": Behaviour("how wide rows and indexed prefixes may be", build=True),
    "innodb_large_prefix": Behaviour("whether an index over 767 bytes can be made", "flag", build=True, unknown="ON"),
    "ft_min_word_len": Behaviour("which words a full text search of MyISAM finds", "number", build=True),
    "innodb_ft_min_token_size": Behaviour("which words a full text search finds", "number", build=True),
    "log_bin": Behaviour("with it, CREATE FUNCTION and CREATE TRIGGER may want SUPER", "flag"),
    "log_bin_trust_function_creators": Behaviour("whether CREATE FUNCTION and CREATE TRIGGER want SUPER", "flag"),
    "binlog_format": Behaviour("which statements are refused or warned about as unsafe"),
    "event_scheduler": Behaviour("whether events run"),
    "local_infile": Behaviour("whether LOAD DATA LOCAL is allowed", "flag"),
    "wait_timeout": Behaviour("after how many idle seconds a pooled connection is gone", "number"),
    "interactive_timeout": Behaviour("after how many idle seconds an interactive client is gone", "number"),
    "innodb_lock_wait_timeout": Behaviour("after how many seconds a blocked statement fails", "number"),
    "innodb_rollback_on_timeout": Behaviour(
        "whether a lock that takes too long rolls all back, or the one statement", "flag"
    ),
    "max_execution_time": Behaviour("after how many milliseconds a SELECT is ended", "number"),
    "max_connections": Behaviour("at how many connections the next one is refused", "number"),
    "default_authentication_plugin": Behaviour("which drivers can log in to new accounts", build=True),
    "require_secure_transport": Behaviour("whether connections without TLS are refused", "flag", unknown="OFF"),
    "init_connect": Behaviour("what every connection runs first"),
    "default_week_format": Behaviour("what WEEK() counts from", "number"),
    "sql_auto_is_null": Behaviour("whether `id IS NULL` finds the row of the last INSERT", "flag", way="persist"),
    "sql_big_selects": Behaviour("whether a SELECT over too many rows is refused", "flag", way="persist"),
    "foreign_key_checks": Behaviour("whether a row may point to one that is not there", "flag", way="persist"),
    "unique_checks": Behaviour("whether duplicate keys are looked for", "flag", way="persist"),
    "lc_time_names": Behaviour("the language of the names of months and days", way="persist"),
    "read_only": Behaviour("the file is of a replica: it refuses every write", "flag", way="none"),
}
