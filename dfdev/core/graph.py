"""Order among names that depend on one another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

Graph = Mapping[str, Iterable[str]]
"""Name -> the names it depends on."""


def find_cycle(graph: Graph) -> tuple[str, ...]:
    """One cycle as `(a, b, a)`, or `()`."""
    done: set[str] = set()
    for start in graph:
        path = _walk(graph, start, (), done)
        if path:
            return path
    return ()


def _walk(graph: Graph, name: str, path: tuple[str, ...], done: set[str]) -> tuple[str, ...]:
    if name in path:
        return (*path[path.index(name) :], name)
    if name in done:
        return ()
    for need in graph.get(name, ()):
        cycle = _walk(graph, need, (*path, name), done)
        if cycle:
            return cycle
    done.add(name)
    return ()


def closure(graph: Graph, names: Iterable[str]) -> frozenset[str]:
    """The names and everything that they need."""
    seen: set[str] = set()
    todo = list(names)
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo.extend(graph.get(name, ()))
    return frozenset(seen)


def dependants(graph: Graph, names: Iterable[str]) -> frozenset[str]:
    """The names and everything that needs them."""
    reverse: dict[str, list[str]] = {}
    for name, needs in graph.items():
        for need in needs:
            reverse.setdefault(need, []).append(name)
    return closure(reverse, names)
