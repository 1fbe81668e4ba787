"""What the commands of other products print: JSON in its three shapes, with warnings around it."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping, Sequence
from typing import Any

from dfdev.errors import MachineError
from dfdev.machines.protocol import LOOK_SECONDS
from dfdev.system.commands import Commands, Ran

Json = Mapping[str, Any]


def asked(
    commands: Commands, argv: Sequence[str], env: Mapping[str, str] | None = None, seconds: float = LOOK_SECONDS
) -> str:
    """What a command that only tells something printed. MachineError: it failed, is missing or late."""
    ran = commands.run(argv, timeout=seconds, env=env)
    if not ran.ok:
        raise failed(ran)
    return ran.out


def failed(ran: Ran) -> MachineError:
    line = shlex.join(ran.argv)
    return MachineError(f"`{line}` failed: {_short(ran.said, 200)}", f"run it by hand to see all of it: `{line}`")


def objects(text: str, argv: Sequence[str]) -> list[Json]:
    """The JSON objects in `text`: one a line, one after the other, or in arrays. [] for no output at all.

    Lines before, between and after them are skipped: several tools print their warnings there. MachineError.
    """
    found: list[Json] = []
    rest = text
    while rest := _from_json(rest):
        value, end = _decoded(rest, text, argv)
        items = value if isinstance(value, list) else [value]
        if not all(isinstance(item, dict) for item in items):
            raise _nonsense(text, argv)
        found += items
        rest = rest[end:]
    if not found and text.strip() and not _from_json(text):
        raise _nonsense(text, argv)
    return found


def one(text: str, argv: Sequence[str]) -> Json:
    """The first JSON object. MachineError when there is none."""
    found = objects(text, argv)
    if not found:
        raise _nonsense(text, argv)
    return found[0]


def text_of(item: Json, *keys: str) -> str:
    """The first of `keys` that holds a text, "" without one."""
    return next((value for value in (item.get(key) for key in keys) if isinstance(value, str)), "")


def object_of(item: Json, *path: str) -> Json:
    """The object at a path of keys, empty when there is none."""
    for key in path:
        value = item.get(key)
        if not isinstance(value, dict):
            return {}
        item = value
    return item


def list_of(item: Json, key: str) -> list[Json]:
    """The objects of a list, [] when there is no such list."""
    value = item.get(key)
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def at_least(version: str, *wanted: int) -> bool:
    """Whether a text with a version in it (`limactl version 2.1.0-rc.1`) names `wanted` or a later one."""
    for word in version.split():
        numbers = word.lstrip("v").split(".")
        if len(numbers) > 1 and numbers[0].isdecimal():
            digits = ["".join(char for char in number if char.isascii() and char.isdecimal()) for number in numbers]
            return tuple(int(number[:9] or 0) for number in digits[: len(wanted)]) >= wanted
    return False


def _from_json(text: str) -> str:
    """From the first line on that starts an object or an array of objects; "" without one."""
    place = 0
    for line in text.splitlines(keepends=True):
        start = line.lstrip()
        if start.startswith("{") or (start.startswith("[") and text[place:].lstrip()[1:].lstrip()[:1] in ("{", "]")):
            return text[place:].lstrip()
        place += len(line)
    return ""


def _decoded(rest: str, text: str, argv: Sequence[str]) -> tuple[Any, int]:
    try:
        return json.JSONDecoder().raw_decode(rest)
    except (ValueError, RecursionError):
        raise _nonsense(text, argv) from None


def _nonsense(text: str, argv: Sequence[str]) -> MachineError:
    line = shlex.join(argv)
    return MachineError(
        f"`{line}` did not print the JSON that is expected of it, but: {_short(text) or 'nothing'}",
        f"run it by hand to see what it says: `{line}`",
    )


def _short(text: str, length: int = 60) -> str:
    """On one line, the first characters."""
    line = " ".join(text.split())
    return line if len(line) <= length else f"{line[:length]}…"
