"""`dfdev.local.toml` over `dfdev.toml`: tables are merged, everything else is replaced. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dfdev.workspace.problem import below

Owners = dict[str, str]
"""Key path of each leaf (a value that is no table) -> the file that says it."""

WHOLE = frozenset({"health"})
"""Tables replaced as a whole: an http check over a tcp check must not become both."""


def merge(layers: list[tuple[str, Mapping[str, Any]]]) -> tuple[dict[str, Any], Owners]:
    """Layers as (file name, tables), lowest first -> the merged tables and the owner of every leaf."""
    data: dict[str, Any] = {}
    owners: Owners = {}
    for name, tables in layers:
        _lay(data, tables, name, "", owners)
    return data, owners


def _lay(base: dict[str, Any], over: Mapping[str, Any], name: str, path: str, owners: Owners) -> None:
    for key, value in over.items():
        place = below(path, key)
        if not isinstance(value, dict):
            _forget(base.get(key), place, owners)
            base[key] = value
            owners[place] = name
            continue
        if key in WHOLE or not isinstance(base.get(key), dict):
            _forget(base.get(key), place, owners)
            base[key] = {}
        _lay(base[key], value, name, place, owners)


def _forget(value: object, path: str, owners: Owners) -> None:
    owners.pop(path, None)
    if isinstance(value, dict):
        for key, inner in value.items():
            _forget(inner, below(path, key), owners)


def nearest(owners: Owners, key: str) -> str:
    """The leaf to look at for a key path: itself, the list it is in, else its first neighbour; "" for none."""
    while key:
        if key in owners:
            return key
        inside = next((other for other in owners if other.startswith((f"{key}.", f"{key}["))), "")
        if inside:
            return inside
        key = key[: max(key.rfind("."), key.rfind("["), 0)]
    return ""
