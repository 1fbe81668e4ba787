"""`${VAR}` in every text of the merged tables, and the origin of every leaf. Pure."""

from __future__ import annotations

from typing import Any, NamedTuple

from dfdev.workspace.interpolate import LONGEST, MOST, Expansion, Lookup, expand
from dfdev.workspace.layers import Owners
from dfdev.workspace.origin import Origin
from dfdev.workspace.problem import Parts, Problem, below, found


class Substituted(NamedTuple):
    """`expanded`: places whose text came at least in part from a variable."""

    data: dict[str, Any]
    origins: dict[str, Origin]
    expanded: frozenset[Parts]
    problems: tuple[Problem, ...]


def substitute(data: dict[str, Any], owners: Owners, lookup: Lookup) -> Substituted:
    walk = _Walk(owners, lookup)
    result = walk.table(data, (), "", "")
    return Substituted(result, walk.origins, frozenset(walk.expanded), tuple(walk.problems))


class _Walk:
    def __init__(self, owners: Owners, lookup: Lookup) -> None:
        self.owners = owners
        self.lookup = lookup
        self.origins: dict[str, Origin] = {}
        self.expanded: list[Parts] = []
        self.problems: list[Problem] = []
        self._room = MOST

    def table(self, values: dict[str, Any], at: Parts, path: str, file: str) -> dict[str, Any]:
        return {key: self._value(inner, (*at, key), below(path, key), file) for key, inner in values.items()}

    def _value(self, value: Any, at: Parts, key: str, file: str) -> Any:
        """`key`: the path of `at`. `file`: the one that says the list that the value is an element of."""
        if isinstance(value, dict):
            return self.table(value, at, key, file)
        file = self.owners.get(key, file)
        if isinstance(value, list):
            return self._list(value, at, key, file)
        if isinstance(value, str):
            return self._text(value, at, key, file)
        self.origins[key] = Origin(file)
        return value

    def _list(self, values: list[Any], at: Parts, key: str, file: str) -> list[Any]:
        """A list's own origin names the variables of all its elements."""
        result = [self._value(inner, (*at, index), below(key, index), file) for index, inner in enumerate(values)]
        inner_origins = (self.origins.get(below(key, index), Origin()) for index in range(len(values)))
        self.origins[key] = Origin(file, tuple(v for origin in inner_origins for v in origin.variables))
        return result

    def _text(self, text: str, at: Parts, key: str, file: str) -> str:
        expansion = expand(text, self.lookup) if self._room > 0 else Expansion("", endless=True)
        if expansion.variables:
            self._room -= len(expansion.text)
        self.origins[key] = Origin(file, expansion.variables)
        problem = _problem(text, expansion, at, key)
        if problem:
            self.problems.append(problem)
            return text
        if expansion.variables:
            self.expanded.append(at)
        return expansion.text


def _problem(text: str, expansion: Expansion, at: Parts, key: str) -> Problem | None:
    if expansion.endless:
        expected, hint = f"a text of at most {LONGEST >> 10} KiB", "take references out"
        return Problem(key, expected, "more, once its references are replaced", hint)
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
