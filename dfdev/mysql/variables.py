"""The variables of a server, as people save them: the text of `SHOW VARIABLES` in any of its forms. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from dfdev.errors import DfdevError

SAVE = "mysql -h HOST -u USER -p -e 'SHOW GLOBAL VARIABLES' > production-variables.txt"
"""What to type to have a file that is understood."""

_FORMS = (
    "the output of `mysql -e 'SHOW GLOBAL VARIABLES'`, as a table or with \\G too",
    "CSV with the header Variable_name,Value",
    "JSON: that of `aws rds describe-db-parameters`, a list of Variable_name and Value, or an object",
)
_HEADERS = (("variable_name", "value"), ("variable_name", "variable_value"))
_KEYS = (("ParameterName", "ParameterValue"), ("Variable_name", "Value"), ("VARIABLE_NAME", "VARIABLE_VALUE"))
_NAME = re.compile(r"[a-z_][a-z0-9_.-]*", re.IGNORECASE | re.ASCII)
_BOXED = re.compile(r"\|\s*(\S+)\s*\|(.*)\|\s*")
_VERTICAL = re.compile(r"\s*(variable_name|value|variable_value): ?(.*)", re.IGNORECASE)
_STARS = re.compile(r"\*{3,} \d+\. row \*{3,}")
_ESCAPED = re.compile(r"\\([nt0\\])")
_UNESCAPED = {"n": "\n", "t": "\t", "0": "\0", "\\": "\\"}

Pairs = Iterable[tuple[str, str]]


def parse_variables(text: str) -> dict[str, str]:
    """Name in lower case with _ (RDS has gtid-mode) -> value, as it was saved. DfdevError: no form that is known."""
    plain = text.removeprefix("\ufeff").strip("\r\n ")
    pairs = [(name.strip(), value) for name, value in _pairs(plain)]
    if not pairs or not all(_NAME.fullmatch(name) for name, _ in pairs):
        raise DfdevError("this is no list of a server's variables", f"save it with: {SAVE}", details=_expected())
    return {name.lower().replace("-", "_"): value for name, value in pairs}


def _expected() -> tuple[str, ...]:
    return tuple(f"understood: {form}" for form in _FORMS)


def _pairs(text: str) -> Pairs:
    lines = text.replace("\r\n", "\n").split("\n")
    if text.startswith(("{", "[")):
        return _json(text)
    if any(_STARS.match(line) for line in lines):
        return _vertical(lines)
    if any(line.startswith("+--") for line in lines):
        return _boxed(lines)
    return _batch(lines) if "\t" in text else _csv(lines)


def _batch(lines: list[str]) -> Pairs:
    """TAB between name and value, with or without a header; other lines are warnings of the client."""
    rows = [line.split("\t") for line in lines if "\t" in line]
    if any(len(row) != 2 for row in rows):
        return []
    return [(name, _unescaped(value)) for name, value in rows if (name.lower(), value.lower()) not in _HEADERS]


def _unescaped(value: str) -> str:
    """Newline, TAB, NUL and backslash are written \\n, \\t, \\0, \\\\. Source: MySQL manual, mysql --batch."""
    return _ESCAPED.sub(lambda found: _UNESCAPED[found[1]], value)


def _boxed(lines: list[str]) -> Pairs:
    """The table of the interactive client, with its prompt and its "500 rows in set" around it."""
    cells = [(found[1], found[2].strip()) for line in lines if (found := _BOXED.fullmatch(line.strip()))]
    return cells[1:] if cells and _is_header(*cells[0]) else []


def _vertical(lines: list[str]) -> Pairs:
    """Of `SHOW VARIABLES\\G`: a line with the name, a line with the value."""
    name = ""
    for line in lines:
        found = _VERTICAL.fullmatch(line)
        if found and found[1].lower() == "variable_name":
            name = found[2].strip()
        elif found:
            yield name, found[2]


def _csv(lines: list[str]) -> Pairs:
    import csv

    try:
        rows = [row for row in csv.reader((line + "\n" for line in lines), skipinitialspace=True) if row]
    except csv.Error:
        return []
    if not rows or len(rows[0]) != 2 or not _is_header(*rows[0]) or any(len(row) != 2 for row in rows):
        return []
    return [(name, value) for name, value in rows[1:]]


def _is_header(name: str, value: str) -> bool:
    return (name.strip().lower(), value.strip().lower()) in _HEADERS


def _json(text: str) -> Pairs:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return []
    if isinstance(data, dict):
        data = next((data[key] for key in ("Parameters", "rows") if isinstance(data.get(key), list)), data)
    if isinstance(data, dict):
        return _scalars(data.items())
    return _scalars(pair for entry in data for pair in _entry(entry))


def _entry(entry: object) -> Iterable[tuple[str, Any]]:
    """A parameter without a value has the engine's default, which the file does not say."""
    if not isinstance(entry, Mapping):
        return [("", "")]
    keys = next(((name, value) for name, value in _KEYS if name in entry), ("", ""))
    return [(entry.get(keys[0], ""), entry.get(keys[1]))]


def _scalars(pairs: Iterable[tuple[object, Any]]) -> Pairs:
    """Booleans as the server says them; what is null is left out, what is a list or an object is no variable."""
    for name, value in pairs:
        if isinstance(value, bool):
            yield str(name), "ON" if value else "OFF"
        elif isinstance(value, dict | list):
            yield "", ""
        elif value is not None:
            yield str(name), str(value)
