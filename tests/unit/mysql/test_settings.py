"""[mysql.settings]: what is refused, and what the server is given."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dfdev.core.fingerprint import fingerprint
from dfdev.mysql.behaviour import BEHAVIOURS
from dfdev.stack.mysql import mysql_service
from dfdev.stack.option_file import SETTINGS, settings_file
from dfdev.workspace.check_settings import check_settings
from dfdev.workspace.mysql_settings import KNOWN, Setting, option_name
from dfdev.workspace.schema import MySQL
from tests.unit.workspace.support import problems

ESCAPES = {"b": "\b", "t": "\t", "n": "\n", "r": "\r", "s": " ", "\\": "\\", '"': '"', "'": "'"}


def read(line: str) -> tuple[str, str]:
    """As a server reads a line of its option file. Source: MySQL manual, Using Option Files."""
    name, _, value = line.partition("=")
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        value = value[1:-1]
    return name.strip(), re.sub(r"\\(.)", lambda found: ESCAPES.get(found[1], found[0]), value)


def written(settings: dict[str, Setting]) -> dict[str, str]:
    head, *lines = settings_file(settings).decode().split("\n")
    assert head == "[mysqld]" and lines[-1] == "" and lines == [*sorted(lines[:-1]), ""]
    return dict(read(line) for line in lines[:-1])


@pytest.mark.parametrize(
    ("name", "value", "option", "text"),
    [
        ("sql_mode", "", "sql_mode", ""),
        ("SQL-Mode", "STRICT_TRANS_TABLES,ANSI_QUOTES", "sql_mode", "STRICT_TRANS_TABLES,ANSI_QUOTES"),
        ("innodb_strict_mode", True, "innodb_strict_mode", "ON"),
        ("local-infile", False, "local_infile", "OFF"),
        ("max_allowed_packet", 67108864, "max_allowed_packet", "67108864"),
        ("max_allowed_packet", "64MiB", "max_allowed_packet", "64M"),
        ("max_allowed_packet", "64m", "max_allowed_packet", "64M"),
        ("innodb_buffer_pool_size", "1 GB", "innodb_buffer_pool_size", "1G"),
        ("innodb_data_file_path", "ibdata1:12M:autoextend", "innodb_data_file_path", "ibdata1:12M:autoextend"),
        ("time_zone", "Europe/Berlin", "default_time_zone", "Europe/Berlin"),
        ("default-time-zone", "utc", "default_time_zone", "+00:00"),
        ("tx_isolation", "read committed", "transaction_isolation", "READ-COMMITTED"),
        ("loose_time_zone", "UTC", "loose_default_time_zone", "+00:00"),
        ("validate_password.policy", "LOW", "validate_password.policy", "LOW"),
        ("init_connect", "SET NAMES 'utf8mb4' # \"x\\y\"", "init_connect", "SET NAMES 'utf8mb4' # \"x\\y\""),
    ],
)
def test_a_setting_reaches_the_server(name: str, value: Setting, option: str, text: str) -> None:
    assert written({name: value}) == {option: text}


@given(
    st.dictionaries(st.from_regex(r"[a-z]{1,8}_x", fullmatch=True), st.text(st.characters(exclude_categories=["C"])))
)
def test_any_text_survives_the_option_file(settings: dict[str, Setting]) -> None:
    sizes = re.compile(r"\d{1,12} ?[KMGkmg]([iI]?[bB])?")
    plain = {name: value for name, value in settings.items() if not sizes.fullmatch(str(value))}
    assert written(plain) == plain


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("datadir", "the fixtures are in it"),
        ("bind-address", "publishes port 3306"),
        ("PORT", "mysql.port"),
        ("loose_socket", "look for the socket"),
        ("skip_networking", "whether the server is ready"),
        ("init_file", "into the fixtures"),
        ("system_time_zone", "[mysql.env]"),
        ("character_set_client", "character_set_server"),
        ("foreign_key_checks", "SET PERSIST"),
        ("sql_mdoe", "did you mean sql_mode?"),
        ("sqlmode", "did you mean sql_mode?"),
        ("max_allowed_packets", "did you mean max_allowed_packet?"),
        ("colation-server", "did you mean collation_server?"),
        ("foreign_key_check", "did you mean foreign_key_checks?"),
        ("lower_case_tables_names", "did you mean lower_case_table_names?"),
    ],
)
def test_what_cannot_be_set_says_why(name: str, hint: str) -> None:
    (problem,) = check_settings({name: "x"})
    assert problem.key == f"mysql.settings.{name}" and hint in problem.hint


@pytest.mark.parametrize("name", ["", "a b", "sql_mode=", "[client]", "größe", "a.b.c", "_x", "x\ny"])
def test_what_is_no_name(name: str) -> None:
    (problem,) = check_settings({name: 1})
    assert "a variable's name" in problem.expected and "\n" not in str(problem)


@pytest.mark.parametrize("value", ["a\nb", "a\rb", "a\0b", "x" * 4001, '"' * 2001])
def test_a_value_that_a_line_cannot_hold(value: str) -> None:
    (problem,) = check_settings({"init_connect": value})
    assert problem.key == "mysql.settings.init_connect" and len(str(problem)) < 300


def test_one_variable_by_two_names() -> None:
    (problem,) = check_settings({"time_zone": "UTC", "Default-Time-Zone": "+01:00"})
    assert problem.key == "mysql.settings.Default-Time-Zone" and "mysql.settings.time_zone" in problem.found


OTHERS = (
    "innodb_flush_log_at_trx_commit", "key_buffer_size", "sort_buffer_size", "tmpdir", "server_id", "log_output",
    "skip_name_resolve", "slow_query_log_file", "sql_select_limit", "lc_messages", "max_join_size", "mysqlx",
    "max_connect_errors", "innodb_redo_log_capacity", "innodb_doublewrite", "thread_stack", "lower_case_file_system",
    "max_statement_time", "ngram_token_size", "old_mode", "optimizer_switch", "long_query_time", "skip_log_bin",
    "character_set_filesystem", "loose_sql_mdoe", "gtid_mode", "binlog_row_metadata", "innodb_read_only",
)  # fmt: skip


@pytest.mark.parametrize("name", [*KNOWN, *OTHERS])
def test_a_variable_of_a_server_is_no_near_miss(name: str) -> None:
    assert list(check_settings({name: "x"})) == []


def test_every_variable_that_check_proposes_is_accepted() -> None:
    settable = [name for name, behaviour in BEHAVIOURS.items() if behaviour.way == "setting" and name != "version"]
    assert list(check_settings(dict.fromkeys(settable, "x"))) == []
    assert {option_name(name) for name in settable} <= set(KNOWN)


def test_config_check_reports_settings_with_the_rest(tmp_path: Path) -> None:
    toml = "[mysql]\nimage = 'm'\nport = 0\n[mysql.settings]\nsql_mdoe = ''\nsql_mode = ''\nuser = 'root'\n"
    assert set(problems(tmp_path, toml)) == {"mysql.port", "mysql.settings.sql_mdoe", "mysql.settings.user"}


def test_without_settings_the_container_stays_what_it_is() -> None:
    plain = mysql_service(MySQL(image="m"), (), 60)
    assert len(plain.files) == 1
    assert fingerprint(plain) == fingerprint(mysql_service(MySQL(image="m", settings={}), (), 60))


def test_settings_are_a_file_that_the_server_can_read() -> None:
    _, file = mysql_service(MySQL(image="m", settings={"sql_mode": "", "autocommit": True}), (), 60).files
    assert (file.path, file.mode) == (SETTINGS, 0o644)
    assert file.content == b'[mysqld]\nautocommit = "ON"\nsql_mode = ""\n'
