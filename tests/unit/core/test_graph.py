import pytest

from dfdev.core.graph import closure, dependants, find_cycle

CHAIN = {"a": ["b"], "b": ["c"], "c": []}


@pytest.mark.parametrize(
    ("graph", "cycle"),
    [
        ({}, ()),
        (CHAIN, ()),
        ({"a": ["a"]}, ("a", "a")),
        ({"a": ["b"], "b": ["c"], "c": ["b"]}, ("b", "c", "b")),
        ({"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": []}, ()),
    ],
)
def test_find_cycle(graph: dict[str, list[str]], cycle: tuple[str, ...]) -> None:
    assert find_cycle(graph) == cycle


def test_closure_is_what_is_needed() -> None:
    assert closure(CHAIN, ["b"]) == {"b", "c"}


def test_dependants_are_those_that_need_it() -> None:
    assert dependants(CHAIN, ["b"]) == {"a", "b"}
