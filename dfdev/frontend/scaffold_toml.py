"""The section `[frontend]` for a dfdev.toml that has none. Pure, on its text."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Sequence
from typing import Any

from dfdev.errors import ConfigError

_NAME = "dfdev.toml"


def section_value(text: str, key: str) -> str:
    """What `[frontend]` says of `key`; "" for nothing. The text must be TOML."""
    return str((_section(text) or {}).get(key, ""))


def with_section(text: str, folder: str, node: str, platform: str, build: Sequence[str] = ()) -> str:
    """What is there, and the section at its end. `node`, `platform`, `build`: "" or () to leave them out.

    ConfigError: the section names another folder.
    """
    if _section(text) is not None:
        there = section_value(text, "dir")
        if there.rstrip("/") != folder:
            raise ConfigError(
                f"{_NAME}: [frontend] names the folder {there!r}, not {folder!r}", f"dir = {_quoted(folder)} there"
            )
        return text
    values: dict[str, str | list[str]] = {"dir": folder, "node": node, "platform": platform, "build": list(build)}
    lines = ["[frontend]", *(f"{key} = {_quoted(value)}" for key, value in values.items() if value)]
    end = "\r\n" if "\r\n" in text else "\n"
    gap = "" if not text else end if text.endswith("\n") else end * 2
    return f"{text}{gap}{end.join(lines)}{end}"


def _section(text: str) -> dict[str, Any] | None:
    found: dict[str, Any] | None = tomllib.loads(text).get("frontend")
    return found


def _quoted(value: str | list[str]) -> str:
    """JSON's strings and lists of them are TOML's, but for DEL."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
