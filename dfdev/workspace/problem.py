"""A problem in the workspace's files: where, what was expected, what was found."""

from __future__ import annotations

import re
from typing import NamedTuple

from dfdev.errors import ConfigError
from dfdev.workspace.masking import holds_password, is_secret_name

MAIN_FILE = "dfdev.toml"

Part = str | int
Parts = tuple[Part, ...]
"""A place in the file: ("services", "www", "ports", 0)."""

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_LONGEST = 60
HIDDEN = "a value that is not shown"


class Problem(NamedTuple):
    """One thing to correct. `key` is a TOML key path such as `services.www.ports[0]`, or a file's name. `allow`: the
    path that the user would have to allow, "" where that is not the point.
    """

    key: str
    expected: str
    found: str
    hint: str = ""
    file: str = ""
    allow: str = ""

    def __str__(self) -> str:
        named = self.file in ("", MAIN_FILE) or self.key.startswith(self.file)
        place = self.key if named else f"{self.key} ({self.file})"
        text = f"{place}: expected {self.expected}, found {self.found}"
        return f"{text}; {self.hint}" if self.hint else text


class WorkspaceError(ConfigError):
    """The files can be read and do not hold; `problems` are all of them, `details` one line each."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        where = sorted({p.file for p in problems if p.file}) or [MAIN_FILE]
        super().__init__(
            f"{count} in {', '.join(where)}",
            "correct the lines above; `dfdev config check` checks again, `dfdev config schema` says what is known",
            details=tuple(str(p) for p in problems),
        )
        self.problems = problems


def key_path(parts: Parts) -> str:
    """("services", "my.app", "ports", 0) -> `services."my.app".ports[0]`."""
    path = ""
    for part in parts:
        path = below(path, part)
    return path


def below(path: str, part: Part) -> str:
    """The key path of one place further in: `below("services.www", "ports")`."""
    if isinstance(part, int):
        return f"{path}[{part}]"
    name = part if _BARE.fullmatch(part) else quoted(part)
    return f"{path}.{name}" if path else name


def quoted(text: str) -> str:
    """A TOML basic string; what a terminal could act on is escaped."""
    escapes = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
    return '"' + "".join(escapes.get(c) or (c if c.isprintable() else _escape(c)) for c in text) + '"'


def _escape(char: str) -> str:
    return f"\\u{ord(char):04X}" if ord(char) < 0x10000 else f"\\U{ord(char):08X}"


def found(parts: Parts, value: object) -> str:
    """What to say of a value that does not fit; a secret's own text is never shown."""
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list | tuple):
        return "a list" if value else "an empty list"
    if is_secret_name(last_name(parts)) or (isinstance(value, str) and holds_password(value)):
        return HIDDEN
    return _scalar(value)


def last_name(parts: Parts) -> str:
    """The name that tells what a value is: the last part that is no index."""
    return next((p for p in reversed(parts) if isinstance(p, str)), "")


def _scalar(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return quoted(_short(value))
    if isinstance(value, int) and value.bit_length() > 64:
        return "a number beyond 64 bits"
    if isinstance(value, int | float):
        return _short(repr(value))
    return f"the date or time {value}"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
