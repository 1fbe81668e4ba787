"""Every value that has the wrong type and every unknown key, where msgspec stops at the first.

The walk follows the types of `schema`; msgspec itself judges each leaf. Loaded only when the one
conversion of the whole file has failed.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin

import msgspec
from msgspec import Meta, Struct

from dfdev.workspace.compose_words import compose_form, compose_word
from dfdev.workspace.problem import Parts, Problem, found, key_path
from dfdev.workspace.suggest import did_you_mean

_WORDS: dict[object, str] = {
    str: "text",
    int: "a whole number",
    bool: "true/false",
    float: "a number",
}
_MISSING = object()


class Shaped(NamedTuple):
    """`data`: what fits, so that the checks of values can go on; a list keeps its length."""

    data: dict[str, Any]
    problems: tuple[Problem, ...]


def shape(model: type[Struct], data: Mapping[str, Any], lax: frozenset[Parts] = frozenset()) -> Shaped:
    """Data as TOML gives it -> what fits of it, and all that does not.

    `lax`: places whose text came from a variable, so that "5000" may serve as a number.
    """
    walk = _Walk(lax)
    fitting = walk.table(model, data, ())
    return Shaped(fitting, tuple(walk.problems))


class _Walk:
    def __init__(self, lax: frozenset[Parts]) -> None:
        self.lax = lax
        self.problems: list[Problem] = []

    def table(self, model: type[Struct], data: Mapping[str, Any], at: Parts) -> dict[str, Any]:
        known = {f.name: f.type for f in msgspec.structs.fields(model)}
        fitting: dict[str, Any] = {}
        for key, value in data.items():
            if key not in known:
                self._unknown(key, value, list(known), at)
                continue
            result = self.value(known[key], value, (*at, key))
            if result is not _MISSING:
                fitting[key] = result
        return fitting

    def value(self, kind: Any, value: Any, at: Parts) -> Any:
        """What fits of the value, or _MISSING."""
        arms = _arms(kind)
        if isinstance(value, dict):
            arm = next((a for a in arms if _is_struct(a) or _is_mapping(a)), None)
            if arm is not None:
                return self.table(arm, value, at) if _is_struct(arm) else self._mapping(arm, value, at)
        if isinstance(value, list):
            arm = next((a for a in arms if get_origin(a) is tuple), None)
            if arm is not None:
                return [self._element(get_args(arm)[0], x, (*at, n)) for n, x in enumerate(value)]
        return self._leaf(kind, value, at)

    def _mapping(self, arm: Any, value: dict[str, Any], at: Parts) -> dict[str, Any]:
        inner = get_args(arm)[1]
        results = {key: self.value(inner, x, (*at, key)) for key, x in value.items()}
        return {key: x for key, x in results.items() if x is not _MISSING}

    def _element(self, kind: Any, value: Any, at: Parts) -> Any:
        result = self.value(kind, value, at)
        return "" if result is _MISSING else result

    def _leaf(self, kind: Any, value: Any, at: Parts) -> Any:
        try:
            return msgspec.convert(value, kind, strict=at not in self.lax)
        except msgspec.ValidationError:
            hint = did_you_mean(value, _choices(kind)) or compose_form(at, value) or _quote_hint(kind, value)
            self.problems.append(Problem(key_path(at), words(kind), found(at, value), hint))
            return _MISSING

    def _unknown(self, key: str, value: Any, known: list[str], at: Parts) -> None:
        place = (*at, key)
        table = f"[{key_path(at)}]" if at else "the file"
        near = compose_word(place, value) or did_you_mean(key, known)
        hint = near or f"{table} knows {', '.join(known)}"
        self.problems.append(Problem(key_path(place), "a key that dfdev knows", "an unknown key", hint))


def _bare(kind: Any) -> Any:
    return get_args(kind)[0] if hasattr(kind, "__metadata__") else kind


def _arms(kind: Any) -> list[Any]:
    """The alternatives of a union, without None; a list of one for any other type."""
    kind = _bare(kind)
    if get_origin(kind) in (Union, types.UnionType):
        return [inner for arm in get_args(kind) if arm is not type(None) for inner in _arms(arm)]
    return [kind]


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Struct)


def _is_mapping(kind: Any) -> bool:
    return get_origin(kind) is Mapping


def _choices(kind: Any) -> list[str]:
    return [str(x) for arm in _arms(kind) if get_origin(arm) is Literal for x in get_args(arm)]


def words(kind: Any) -> str:
    """A type as a reader of the file would say it: "text or a whole number"."""
    bounds = _bounds(kind)
    *most, last = [_arm_words(arm) + bounds for arm in _arms(kind)]
    return f"{', '.join(most)} or {last}" if most else last


def _arm_words(arm: Any) -> str:
    if get_origin(arm) is Literal:
        return "one of " + ", ".join(map(str, get_args(arm)))
    if get_origin(arm) is tuple:
        return "a list"
    if _is_struct(arm) or _is_mapping(arm):
        return "a table"
    return _WORDS[arm]


def _bounds(kind: Any) -> str:
    for meta in _metas(kind):
        if meta.le is not None:
            return f" from {meta.ge} to {meta.le}"
        if meta.ge is not None:
            return f" of {meta.ge} or more"
    return ""


def _metas(kind: Any) -> list[Meta]:
    own = [m for m in getattr(kind, "__metadata__", ()) if isinstance(m, Meta)]
    inner = [m for arm in get_args(_bare(kind)) for m in _metas(arm)]
    return own + inner


def _quote_hint(kind: Any, value: object) -> str:
    if str in _arms(kind) and isinstance(value, int | float):
        return "put it in quotes"
    if int in _arms(kind) and isinstance(value, str) and value.isdecimal():
        return "take the quotes off"
    if bool in _arms(kind) and value in ("true", "false"):
        return "take the quotes off"
    return ""
