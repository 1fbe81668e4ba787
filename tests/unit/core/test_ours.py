"""Whose a container is: one gate, and nobody reads labels past it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import dfdev
from dfdev.core import labels
from dfdev.core.ours import by_service, holds_data, look_alikes, mark_of
from tests.unit.core.world import MYSQL, WWW, container, desired

WANT = desired(MYSQL, WWW)
PACKAGE = Path(dfdev.__file__).parent
GATE = PACKAGE / "core" / "ours.py"


def test_ours_is_what_has_our_labels_and_our_name() -> None:
    mark = mark_of(container(WANT, "mysql"))
    assert (mark.workspace, mark.service, mark.home, mark.stateful) == ("dramas", "mysql", WANT.home, True)
    for name in ("backup", "dramas-www", "dramas", "Dramas-mysql", "dramas-mysql-1", "x/dramas-mysql", ""):
        inherited = container(WANT, "mysql", name=name)
        assert not mark_of(inherited) and not holds_data(inherited)
        assert look_alikes("dramas", [inherited]) == (inherited,)


@pytest.mark.parametrize("lost", [labels.WORKSPACE, labels.SERVICE])
def test_without_a_label_the_name_is_not_enough(lost: str) -> None:
    there = container(WANT, "www")
    assert not mark_of(container(WANT, "www", claims={k: v for k, v in there.claims.items() if k != lost}))
    assert not mark_of(container(WANT, "www", claims={**there.claims, lost: ""}))


def test_of_two_with_the_same_labels_the_right_one_is_found_whatever_the_order_and_state() -> None:
    own, twin = container(WANT, "mysql", state="exited"), container(WANT, "mysql", id="a", name="backup")
    for found in ([own, twin], [twin, own]):
        assert by_service("dramas", found) == {"mysql": own}


def test_nobody_reads_a_containers_labels_past_the_gate() -> None:
    for path in PACKAGE.rglob("*.py"):
        read = {n.attr for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.Attribute)}
        assert path == GATE or "claims" not in read, f"{path}: ask `dfdev.core.ours` whose a container is"
