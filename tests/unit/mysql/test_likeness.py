"""Which differences from production are told, and what is said about them."""

from __future__ import annotations

import tomllib

import pytest

from dfdev.mysql.likeness import UNKNOWN, Difference, differences, settings_table, unheeded
from dfdev.stack.option_file import settings_file
from dfdev.workspace.check_settings import check_settings
from tests.unit.mysql.saved import variables

MYSQL = {"version": "8.4.3"}


def one(name: str, production: str, here: str | None, **more: str) -> Difference:
    ours = {**MYSQL, **more, **({name: here} if here is not None else {})}
    (found,) = differences({name: production}, ours)
    return found


def same(name: str, production: str, here: str) -> bool:
    return not differences({name: production}, {**MYSQL, name: here})


def test_a_laptop_against_production() -> None:
    found = differences(variables("production-batch.txt"), variables("here.txt"))
    assert [d.name for d in found] == [
        "version", "sql_mode", "lower_case_table_names", "character_set_server", "collation_server", "time_zone",
        "transaction_isolation", "explicit_defaults_for_timestamp", "innodb_strict_mode", "max_allowed_packet",
        "group_concat_max_len", "log_bin", "wait_timeout", "max_connections", "default_authentication_plugin",
        "require_secure_transport",
    ]  # fmt: skip
    assert all(d.why and d.way_out and "\n" not in d.way_out for d in found)


def test_the_settings_can_be_pasted() -> None:
    table = settings_table(differences(variables("production-batch.txt"), variables("here.txt")))
    settings = tomllib.loads(table)["mysql"]["settings"]
    assert settings == {
        "sql_mode": "STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION",
        "lower_case_table_names": 1,
        "character_set_server": "utf8mb3",
        "collation_server": "utf8mb3_general_ci",
        "time_zone": "Europe/Berlin",
        "transaction_isolation": "READ-COMMITTED",
        "explicit_defaults_for_timestamp": False,
        "innodb_strict_mode": False,
        "max_allowed_packet": 16777216,
        "group_concat_max_len": 8192,
        "log_bin": "binlog",
        "wait_timeout": 600,
        "max_connections": 1365,
        "require_secure_transport": True,
    }
    assert list(check_settings(settings)) == []
    assert b'default_time_zone = "Europe/Berlin"\n' in settings_file(settings)


def test_a_server_with_these_settings_differs_no_more() -> None:
    production, here = variables("production-batch.txt"), variables("here.txt")
    settings = tomllib.loads(settings_table(differences(production, here)))["mysql"]["settings"]
    after = here | {name: str(value) for name, value in settings.items()} | {"log_bin": "ON"}
    assert [d.name for d in differences(production, after)] == ["version", "default_authentication_plugin"]
    assert unheeded(settings, after) == ()
    assert {d.name for d in unheeded(settings, here)} == settings.keys() - {"log_bin"}


def test_a_parameter_groups_formulas_and_defaults_are_no_differences() -> None:
    found = differences(variables("parameters.json"), variables("here.txt"))
    assert [d.name for d in found] == [
        "sql_mode", "lower_case_table_names", "character_set_server", "time_zone", "transaction_isolation",
        "innodb_strict_mode",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "production", "here"),
    [
        ("sql_mode", "A,B", "b, a"),
        ("sql_mode", "TRADITIONAL", "STRICT_TRANS_TABLES,STRICT_ALL_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,"
         "ERROR_FOR_DIVISION_BY_ZERO,TRADITIONAL,NO_ENGINE_SUBSTITUTION"),
        ("sql_mode", "STRICT_TRANS_TABLES,NO_AUTO_CREATE_USER", "STRICT_TRANS_TABLES"),
        ("sql_mode", "0", ""),
        ("autocommit", "1", "ON"),
        ("innodb_strict_mode", "off", "0"),
        ("max_allowed_packet", "64M", "67108864"),
        ("lower_case_table_names", "1", "1"),
        ("character_set_server", "utf8", "utf8mb3"),
        ("collation_server", "utf8_general_ci", "utf8mb3_general_ci"),
        ("transaction_isolation", "READ COMMITTED", "READ-COMMITTED"),
        ("default_storage_engine", "INNODB", "InnoDB"),
        ("version", "8.4.9-log", "8.4.3"),
        ("time_zone", "Etc/UTC", "+00:00"),
        ("innodb_buffer_pool_size", "1", "2"),
        ("max_connections", "{DBInstanceClassMemory/12582880}", "151"),
    ],
)  # fmt: skip
def test_what_does_the_same_is_no_difference(name: str, production: str, here: str) -> None:
    assert same(name, production, here)


@pytest.mark.parametrize(
    ("production", "here"),
    [
        ({"tx_isolation": "READ-COMMITTED"}, {"transaction_isolation": "READ-COMMITTED"}),
        ({"time_zone": "SYSTEM", "system_time_zone": "UTC"}, {"time_zone": "+00:00", "system_time_zone": "CET"}),
        ({"default_authentication_plugin": "caching_sha2_password"}, {"authentication_policy": "*,,"}),
        ({"authentication_policy": "*,,", "default_authentication_plugin": "mysql_native_password"},
         {"default_authentication_plugin": "mysql_native_password"}),
        ({"sql_require_primary_key": "OFF"}, {}),
        ({"innodb_large_prefix": "ON"}, {}),
        ({"lc_time_names": "de_DE"}, {}),
        ({}, {"sql_require_primary_key": "ON"}),
        ({"time_zone": "SYSTEM"}, {"time_zone": "SYSTEM", "system_time_zone": "CET"}),
    ],
)  # fmt: skip
def test_other_names_and_unknown_variables(production: dict[str, str], here: dict[str, str]) -> None:
    assert differences(production, {**MYSQL, **here}) == ()


def test_a_mode_is_missing_and_another_one_is_too_many() -> None:
    found = one("sql_mode", "ANSI_QUOTES,STRICT_TRANS_TABLES", "ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES")
    assert found.why.endswith("missing here: ANSI_QUOTES; only here: ONLY_FULL_GROUP_BY")
    assert found.way_out == 'sql_mode = "ANSI_QUOTES,STRICT_TRANS_TABLES" in [mysql.settings], then `dfdev up`'


def test_the_mode_that_mysql_8_does_not_start_with_is_left_out() -> None:
    modes = "NO_AUTO_CREATE_USER,ANSI_QUOTES"
    assert one("sql_mode", modes, "").setting == 'sql_mode = "ANSI_QUOTES"'
    assert one("sql_mode", modes, "", version="5.7.44").setting == f'sql_mode = "{modes}"'


@pytest.mark.parametrize(
    ("name", "production", "here", "version", "way_out"),
    [
        ("version", "8.0.35", "8.4.3", "8.4.3", 'base = "mysql:8.0" in [mysql], then `dfdev mysql build`'),
        ("version", "10.6.14-MariaDB-log", "9.4.0", "9.4.0", 'base = "mariadb:10.6" in [mysql], then'),
        ("lower_case_table_names", "1", "0", "8.4.3",
         "lower_case_table_names = 1 in [mysql.settings], then `dfdev mysql build`"),
        ("time_zone", "UTC", "CET", "8.4.3", 'time_zone = "+00:00" in [mysql.settings], then `dfdev up`'),
        ("time_zone", "PDT", "UTC", "8.4.3", 'the zone that "PDT" is short for'),
        ("sql_auto_is_null", "1", "OFF", "8.4.3", "no startup option: SET PERSIST sql_auto_is_null = ON; in a file"),
        ("lc_time_names", "de_DE", "en_US", "10.11.6-MariaDB",
         "no startup option: SET SESSION lc_time_names = 'de_DE'"),
        ("read_only", "ON", "OFF", "8.4.3", "nothing to set"),
        ("log_bin", "ON", "OFF", "5.7.44", 'log_bin = "binlog" and server_id = 1 in [mysql.settings]'),
        ("log_bin", "OFF", "ON", "8.4.3", "skip_log_bin = true in [mysql.settings]"),
        ("sql_require_primary_key", "ON", None, "10.11.6-MariaDB", "production's version as base in [mysql], then"),
        ("collation_server", "utf8mb4_0900_ai_ci", "utf8mb4_general_ci", "10.11.6-MariaDB",
         "production's version as base"),
        ("collation_server", "utf8mb4_uca1400_ai_ci", "utf8mb4_bin", "8.4.3", "production's version as base"),
        ("default_authentication_plugin", "mysql_native_password", "caching_sha2_password", "5.7.44",
         'default_authentication_plugin = "mysql_native_password" in'),
    ],
)  # fmt: skip
def test_ways_out(name: str, production: str, here: str | None, version: str, way_out: str) -> None:
    found = one(name, production, here, **({} if name == "version" else {"version": version}))
    assert found.way_out.startswith(way_out)
    assert found.here == (UNKNOWN if here is None else here)
    assert bool(found.setting) == ("[mysql.settings], then" in found.way_out)


@pytest.mark.parametrize(
    ("here", "way_out"),
    [
        ("8.0.40", 'authentication_policy = "mysql_native_password,," in [mysql.settings]'),
        ("8.4.3", "CREATE USER … IDENTIFIED WITH mysql_native_password in the fixtures"),
    ],
)
def test_the_plugin_of_new_accounts(here: str, way_out: str) -> None:
    ours = {"version": here, "authentication_policy": "*,,"}
    (found,) = differences({"default_authentication_plugin": "mysql_native_password"}, ours)
    assert found.way_out.startswith(way_out)


@pytest.mark.parametrize(
    ("name", "asked", "has", "heeded"),
    [
        ("max_allowed_packet", "64MiB", "67108864", True),
        ("max-allowed-packet", "64MiB", "16777216", False),
        ("general_log", 1, "ON", True),
        ("general_log", False, "ON", False),
        ("innodb_buffer_pool_size", "64M", "67108864", True),
        ("skip_name_resolve_x", True, "", True),
    ],
)
def test_settings_that_the_server_has_not_taken(name: str, asked: str | int, has: str, heeded: bool) -> None:
    here = {name.replace("-", "_"): has} if has else {}
    assert (unheeded({name: asked}, here) == ()) == heeded
