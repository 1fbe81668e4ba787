"""`${VAR}` in every text of the merged tables, and the origin of every leaf. Pure."""

from __future__ import annotations

from typing import Any, NamedTuple

from dfdev.workspace.interpolate import Expansion, Lookup, expand
from dfdev.workspace.layers import Owners, nearest
from dfdev.workspace.origin import Origin
from dfdev.workspace.problem import Parts, Problem, found, key_path


class Substituted(NamedTuple):
    """`expanded`: places whose text came at least in part from a variable."""

    data: dict[str, Any]
    origins: dict[str, Origin]
    expanded: frozenset[Parts]
    problems: tuple[Problem, ...]


def substitute(data: dict[str, Any], owners: Owners, lookup: Lookup) -> Substituted:
    walk = _Walk(owners, lookup)
    result = {key: walk.value(value, (key,)) for key, value in data.items()}
    return Substituted(result, walk.origins, frozenset(walk.expanded), tuple(walk.problems))


class _Walk:
    def __init__(self, owners: Owners, lookup: Lookup) -> None:
        self.owners = owners
        self.lookup = lookup
        self.origins: dict[str, Origin] = {}
        self.expanded: list[Parts] = []
        self.problems: list[Problem] = []

    def value(self, value: Any, at: Parts) -> Any:
        if isinstance(value, dict):
            return {key: self.value(inner, (*at, key)) for key, inner in value.items()}
        if isinstance(value, list):
            items = [self.value(inner, (*at, index)) for index, inner in enumerate(value)]
            self._sum_up(len(items), at)
            return items
        if isinstance(value, str):
            return self._text(value, at)
        self._record(at, Expansion(""))
        return value

    def _text(self, text: str, at: Parts) -> str:
        expansion = expand(text, self.lookup)
        problem = _problem(text, expansion, at)
        if problem:
            self.problems.append(problem)
            expansion = Expansion(text, expansion.variables)
        elif expansion.variables:
            self.expanded.append(at)
        self._record(at, expansion)
        return expansion.text

    def _record(self, at: Parts, expansion: Expansion) -> None:
        key = key_path(at)
        self.origins[key] = Origin(self.owners.get(nearest(self.owners, key), ""), expansion.variables)

    def _sum_up(self, length: int, at: Parts) -> None:
        """A list's own origin names the variables of all its elements."""
        inner = (self.origins.get(key_path((*at, index)), Origin()) for index in range(length))
        variables = tuple(v for origin in inner for v in origin.variables)
        self._record(at, Expansion("", variables))


def _problem(text: str, expansion: Expansion, at: Parts) -> Problem | None:
    key = key_path(at)
    if expansion.unset:
        name = expansion.unset[0]
        hint = f"set {name} in .env.local or .env, or write ${{{name}:-default}}"
        return Problem(key, f"a value for ${{{name}}}", "no such variable", hint)
    if expansion.malformed:
        hint = "$${…} keeps it as it is, for the container's own shell"
        return Problem(key, "${NAME} or ${NAME:-default}", found(at, text), hint)
    if "\0" in expansion.text:
        return Problem(key, "a text without NUL characters", "a NUL character")
    if not expansion.text.isprintable() and not _is_utf8(expansion.text):
        return Problem(key, "a text in UTF-8", "bytes that are not UTF-8")
    return None


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
