"""Saved variables, in the forms that people save them in."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dfdev.errors import DfdevError
from dfdev.mysql.variables import parse_variables
from tests.unit.mysql.saved import text, variables

NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True).filter(lambda name: name != "variable_name")
VALUES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"))
ESCAPED = str.maketrans({"\\": "\\\\", "\n": "\\n", "\t": "\\t", "\0": "\\0"})


@pytest.mark.parametrize(
    "name", ["production-boxed.txt", "production-vertical.txt", "production.csv", "production-rows.json"]
)
def test_every_form_says_the_same(name: str) -> None:
    assert variables(name) == variables("production-batch.txt")


def test_the_batch_form() -> None:
    found = variables("production-batch.txt")
    assert len(found) == 35 and found["sql_mode"] == "STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION"
    assert found["init_connect"] == "" and found["version"] == "8.0.35"


def test_a_parameter_group_lacks_what_is_the_engines_default() -> None:
    found = variables("parameters.json")
    assert "autocommit" not in found and found["max_connections"] == "{DBInstanceClassMemory/12582880}"
    assert found["gtid_mode"] == "OFF_PERMISSIVE"


@pytest.mark.parametrize(
    ("saved", "expected"),
    [
        ("sql_mode\tANSI\n", {"sql_mode": "ANSI"}),
        ("sql_mode\t\n", {"sql_mode": ""}),
        ("VARIABLE_NAME\tVARIABLE_VALUE\r\nSQL_MODE\tANSI\r\n", {"sql_mode": "ANSI"}),
        ("mysql: [Warning] Using a password can be insecure.\nsql_mode\tANSI\n", {"sql_mode": "ANSI"}),
        ("init_connect\tSET a=1;\\nSET b=\\\\\n", {"init_connect": "SET a=1;\nSET b=\\"}),
        ("\ufeffVariable_name,Value\r\nsql_mode,\"A,B\"\r\n", {"sql_mode": "A,B"}),
        ("Variable_name,Value\ninit_connect,\"SET a=\"\"x\"\"\"\n", {"init_connect": 'SET a="x"'}),
        ("+---+---+\n| Variable_name | Value |\n+---+---+\n| a | b | c |\n+---+---+\n", {"a": "b | c"}),
        ('{"sql_mode": "ANSI", "autocommit": true, "max_connections": 10, "x": null}',
         {"sql_mode": "ANSI", "autocommit": "ON", "max_connections": "10"}),
        ('{"rows": [{"Variable_name": "sql_mode", "Value": ""}]}', {"sql_mode": ""}),
        ('[{"VARIABLE_NAME": "sql_mode", "VARIABLE_VALUE": "ANSI"}]', {"sql_mode": "ANSI"}),
    ],
)  # fmt: skip
def test_its_variants(saved: str, expected: dict[str, str]) -> None:
    assert parse_variables(saved) == expected


@pytest.mark.parametrize(
    "saved",
    [
        "", "\n", "hello", "[mysqld]\nsql_mode=ANSI\n", "sql_mode = ANSI\n", "ERROR 1045 (28000): Access denied\n",
        "PARAMETERS\tdynamic\tsql_mode\tANSI\n", "{", "[]", "{}", '{"a": []}', "[1]", '[{"name": "a"}]',
        "Variable_name,Value\n", "a,b\nc,d\n", "+---+\n| Tables |\n+---+\n| a |\n", '{"Parameters": []}', "[" * 100_000,
        "Variable_name,Value\na,b,c\n", '[{"ParameterName": "a b", "ParameterValue": "c"}]',
    ],
)  # fmt: skip
def test_anything_else_says_what_to_type(saved: str) -> None:
    with pytest.raises(DfdevError) as caught:
        parse_variables(saved)
    assert "SHOW GLOBAL VARIABLES" in caught.value.hint
    assert any("describe-db-parameters" in line for line in caught.value.details)


@given(st.dictionaries(NAMES, VALUES, min_size=1))
def test_what_the_client_writes_is_read_back(saved: dict[str, str]) -> None:
    lines = [f"{name}\t{value.translate(ESCAPED)}" for name, value in saved.items()]
    assert parse_variables("\n".join(["Variable_name\tValue", *lines, "end_\tx", ""])) == {**saved, "end_": "x"}


@given(st.dictionaries(NAMES, VALUES, min_size=1))
def test_json_is_read_back(saved: dict[str, str]) -> None:
    rows = [{"Variable_name": name, "Value": value} for name, value in saved.items()]
    assert parse_variables(json.dumps(rows)) == saved


@given(st.text() | st.text(alphabet='|+-\t\n{}[]",:aValueVariable_name* 1.row'))
def test_no_text_breaks_it(saved: str) -> None:
    try:
        found = parse_variables(saved)
    except DfdevError:
        return
    assert found


def test_the_data_is_there() -> None:
    assert "by hand" in text("README")
