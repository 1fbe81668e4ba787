"""JSON Schema (draft 2020-12) of `dfdev.toml`, made from the types: editors complete the file with it."""

from __future__ import annotations

from typing import Any

import msgspec

from dfdev.workspace.schema import Config

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_REQUIRED = {"Service": ["image"], "MySQL": ["image"]}
"""What must be given; the types have a default for it, so that every gap is reported at once."""


def json_schema() -> dict[str, Any]:
    schema = _without_null(msgspec.json.schema(Config))
    for name, keys in _REQUIRED.items():
        schema["$defs"][name]["required"] = keys
    health = schema["$defs"]["Health"]
    health["oneOf"] = [{"required": [key]} for key in ("http", "tcp", "command")]
    return {"$schema": DIALECT, "title": "dfdev.toml", **schema}


def _without_null(node: Any) -> Any:
    """TOML has no null: what may be absent is simply not required."""
    if isinstance(node, list):
        return [_without_null(inner) for inner in node]
    if not isinstance(node, dict):
        return node
    result = {key: _without_null(inner) for key, inner in node.items()}
    result = {key: inner for key, inner in result.items() if inner is not None}
    if result.get("required") == []:
        del result["required"]
    choices = result.get("anyOf", [])
    if {"type": "null"} not in choices:
        return result
    left = [choice for choice in choices if choice != {"type": "null"}]
    rest = {key: inner for key, inner in result.items() if key != "anyOf"}
    return {**rest, **left[0]} if len(left) == 1 else {**rest, "anyOf": left}
