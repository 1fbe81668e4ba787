"""A snapshot is an image, and images are pushed: nothing of one's own is in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dfdev.errors import EngineError
from dfdev.mysql import snapshots
from dfdev.stack.mysql import OPTIONS
from tests.fakes.engine import FakeEngine
from tests.unit.mysql.case import Case


class Copying(FakeEngine):
    """`copied`: the file with the password, as each image got it."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.copied: list[bytes] = []
        self.fails = False

    def commit(self, container: str, ref: str, **more: Any) -> str:
        self.copied.append(self.read_file(container, OPTIONS))
        if self.fails:
            raise EngineError("no space left on device")
        return super().commit(container, ref, **more)


@pytest.fixture
def case(tmp_path: Path) -> Case:
    made = Case(tmp_path, 3306, kind=Copying)
    made.up(wait=False)
    return made


def stopped(case: Case) -> str:
    id = case.database.container.id
    case.engine.stop(id, 0)
    return id


def take(case: Case) -> None:
    snapshots.take(case.engine, "shop", case.database, "kept", "main", case.said.append)


@pytest.mark.parametrize("fails", [False, True])
def test_of_one_that_stands_still(case: Case, fails: bool) -> None:
    assert isinstance(case.engine, Copying)
    id, case.engine.fails = stopped(case), fails
    before = case.engine.read_file(id, OPTIONS)
    assert b'password="dev"' in before
    if fails:
        with pytest.raises(EngineError):
            take(case)
    else:
        take(case)
    assert case.engine.copied == [b""]
    assert case.engine.read_file(id, OPTIONS) == before


def test_what_one_that_was_killed_left_empty_is_written_at_the_next_start(case: Case) -> None:
    id = stopped(case)
    before = case.engine.read_file(id, OPTIONS)
    case.engine.write_file(id, OPTIONS, b"", mode=0o600, uid=0, gid=0)
    case.up(wait=False)
    assert (case.ids(), case.engine.read_file(id, OPTIONS)) == ([id], before)


def test_what_is_there_stays_as_it_is(case: Case) -> None:
    """The file may name another password by now, which this database does not know."""
    id = stopped(case)
    case.engine.write_file(id, OPTIONS, b"other", mode=0o600, uid=0, gid=0)
    case.up(wait=False)
    assert case.engine.read_file(id, OPTIONS) == b"other"
