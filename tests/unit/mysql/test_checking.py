"""`dfdev mysql check`: from a file and a server to words and a document."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from dfdev.cli.common import Common
from dfdev.cli.mysql_check import show_check
from dfdev.errors import DfdevError
from dfdev.mysql.checking import Query, check, saved_text
from dfdev.ui.out import Out
from tests.unit.mysql.saved import DATA, text, variables

ASKED = "SHOW GLOBAL VARIABLES"


def server(found: Mapping[str, str]) -> Query:
    rows = [[name, value] for name, value in found.items()]
    return lambda sql: {ASKED: rows}[sql]


def common(*, as_json: bool = False) -> tuple[Common, io.StringIO, io.StringIO]:
    out, err = io.StringIO(), io.StringIO()
    return Common(None, False, Out(out, err, as_json), {}), out, err


def test_the_server_is_asked_once_for_its_global_variables() -> None:
    found = check(server(variables("here.txt")), text("production-boxed.txt"))
    assert len(found) == 16 and found[0].name == "version"


def test_a_server_like_production_has_no_differences() -> None:
    assert check(server(variables("production-batch.txt")), text("production.csv")) == ()


def test_a_file_that_says_nothing_is_not_taken_for_likeness() -> None:
    with pytest.raises(DfdevError, match="none of the variables"):
        check(server(variables("here.txt")), "drama_id\t7\n")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_of_any_shell(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "variables.txt"
    file.write_bytes(text("production-batch.txt").encode(encoding))
    assert saved_text(file) == text("production-batch.txt")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DfdevError, match=r"cannot read .*: No such file") as caught:
        saved_text(tmp_path / "none")
    assert ASKED in caught.value.hint


def test_the_document() -> None:
    found = check(server(variables("here.txt")), saved_text(DATA / "production-batch.txt"))
    shared, out, _ = common(as_json=True)
    assert show_check(shared, found, "p.txt") == 1
    document = json.loads(out.getvalue())
    assert set(document) == {"differences", "settings"} and document["settings"].startswith(
        "[mysql.settings]\nsql_mode"
    )
    assert all(set(d) == {"name", "production", "here", "why", "way_out"} for d in document["differences"])


def test_in_words() -> None:
    found = check(server(variables("here.txt")), text("production-batch.txt"))
    shared, out, err = common()
    show_check(shared, found, "p.txt")
    lines = out.getvalue().splitlines()
    assert lines[0].split() == ["VARIABLE", "PRODUCTION", "HERE", "WHAT", "IT", "CHANGES"]
    assert 'version: base = "mysql:8.0" in [mysql], then `dfdev mysql build`' in lines
    assert lines[lines.index("[mysql.settings]") + 1] == 'sql_mode = "STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION"'
    assert err.getvalue() == "16 differences from p.txt: put the settings into dfdev.toml, then `dfdev mysql build`\n"


def test_nothing_to_say() -> None:
    shared, out, err = common()
    assert show_check(shared, (), "p.txt") == 0
    assert (out.getvalue(), err.getvalue()) == ("", "the server behaves as p.txt says\n")
