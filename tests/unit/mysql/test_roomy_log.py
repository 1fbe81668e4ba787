"""The redo log while much is loaded: large, and then as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from dfdev.errors import DfdevError
from dfdev.mysql.for_now import roomy_log
from tests.unit.mysql.case import Case

MUCH = 100_000_000
NAME = {"9.7.0": "innodb_redo_log_capacity", "10.11.4-MariaDB": "innodb_log_file_size"}


@pytest.fixture(params=NAME)
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Case:
    made = Case(tmp_path, 1)
    made.server.version = request.param
    made.server.variables[NAME[request.param]] = "8388608"
    made.up(wait=False)
    return made


def set_to(case: Case) -> list[str]:
    return [sql.rpartition(" ")[2] for sql in case.server.ran if NAME[case.server.version] in sql]


def test_it_is_raised_and_set_back(case: Case) -> None:
    with roomy_log(case.database.server, MUCH):
        assert set_to(case) == ["1073741824"]
    assert set_to(case) == ["1073741824", "8388608"]


def test_it_is_set_back_after_a_failure_too(case: Case) -> None:
    with pytest.raises(DfdevError), roomy_log(case.database.server, MUCH):
        raise DfdevError("line 3", "mend it")
    assert set_to(case)[-1] == "8388608"


def test_not_for_little_and_not_where_it_is_large(case: Case) -> None:
    with roomy_log(case.database.server, 1000):
        pass
    case.server.variables[NAME[case.server.version]] = str(2 << 30)
    with roomy_log(case.database.server, MUCH):
        pass
    assert set_to(case) == []


def test_who_may_not_loads_all_the_same(case: Case) -> None:
    case.server.refuses[b"SET GLOBAL"] = "ERROR 1227 (42000) at line 1: Access denied; you need SUPER"
    with roomy_log(case.database.server, MUCH):
        pass
    assert set_to(case) == []
