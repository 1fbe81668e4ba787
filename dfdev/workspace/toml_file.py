"""Reading one TOML file; every way that this fails is a ConfigError that says where."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from dfdev.core.secrets import MASK
from dfdev.core.typed import typed
from dfdev.errors import ConfigError
from dfdev.workspace.gate import Gate
from dfdev.workspace.masking import holds_password, is_secret_name
from dfdev.workspace.regular import read_regular

_POSITION = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")
_KEY = re.compile(r"""([\w-]+)["']?\s*=\s*""")
_BEGINS = re.compile(r"""\s*(?:\[|["']?[\w.-]+["']?\s*=)""")
"""A line that is not the rest of a value: a table's, or a key's."""
_LONGEST = 120


def read_toml(path: Path, gate: Gate | None = None) -> dict[str, Any]:
    """The file's tables. ConfigError: unreadable, not UTF-8, or a syntax error with its line.

    `gate`: of the workspace that the file belongs to, None for a file of the user's own.
    """
    return parse_toml(read_text(path, gate), path.name)


def read_text(path: Path, gate: Gate | None = None) -> str:
    """ConfigError. `gate`: see `read_toml`."""
    try:
        content = read_regular(path) if gate is None else gate.read(path.name, path)
        return content.decode("utf-8-sig")
    except FileNotFoundError as error:
        raise ConfigError(f"{path} does not exist", "check the name") from error
    except PermissionError as error:
        raise ConfigError(
            f"{path} cannot be read: permission denied", f"{typed('ls -ld', path)}; {typed('chmod u+r', path)}"
        ) from error
    except IsADirectoryError as error:
        raise ConfigError(f"{path} is a folder, not a file", "remove the folder, write the file") from error
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror or error}", typed("ls -ld", path)) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ConfigError(f"{path.name}, line {line}: not UTF-8", "save the file as UTF-8") from error


def parse_toml(text: str, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(text, name, str(error)) from error
    except ValueError as error:
        raise ConfigError(f"{name}: a number has too many digits", "write it as text, in quotes") from error
    except RecursionError as error:
        raise ConfigError(f"{name}: lists are nested too deeply", "a workspace needs no such nesting") from error


def _syntax_error(text: str, name: str, reason: str) -> ConfigError:
    lines = text.replace("\r\n", "\n").split("\n")
    match = _POSITION.search(reason)
    said = reason[: match.start()] if match else reason
    if match and match[1]:
        line, column = int(match[1]), int(match[2])
    else:
        line = max((n for n, x in enumerate(lines, 1) if x.strip()), default=1)
        column = len(lines[line - 1]) + 1
    return ConfigError(
        f"{name}, line {line}, column {column}: {said[:1].lower()}{said[1:]}",
        _hint(said),
        details=_excerpt(lines, line, column),
    )


def _excerpt(lines: list[str], number: int, column: int) -> tuple[str, ...]:
    """The offending line with a mark under the column; what belongs to a secret key, on its line or on those that
    follow, is not shown, and no password of a URL.
    """
    prefix, line = f"{number} | ", lines[number - 1]
    for key in _KEY.finditer(line):
        if is_secret_name(key[1]):
            return (f"{prefix}{line[: key.end()]}{MASK}",)
    if holds_password(line) or (not _BEGINS.match(line) and _goes_on(lines[: number - 1])):
        return (f"{prefix}{MASK}",)
    shown = "".join(c if c.isprintable() else " " for c in line)
    if len(shown) > _LONGEST:
        return (f"{prefix}{shown[:_LONGEST]}…",)
    return (f"{prefix}{shown}", " " * (len(prefix) + column - 1) + "^")


def _goes_on(before: list[str]) -> bool:
    """Whether the last key before a line, whose value may go on there, is that of a secret."""
    last = next((found for line in reversed(before) if (found := _BEGINS.match(line))), None)
    return last is not None and any(is_secret_name(key[1]) for key in _KEY.finditer(last.string))


def _hint(reason: str) -> str:
    if "value" in reason.lower() and "invalid" in reason.lower():
        return 'a text needs quotes: name = "dramas"'
    if "overwrite" in reason or "twice" in reason or "declare" in reason:
        return "this key or table is in the file twice: keep one"
    if "unescaped" in reason.lower() or "backslash" in reason.lower():
        return "write a backslash as \\\\, or use 'single quotes'"
    if "string" in reason.lower() or "illegal character" in reason.lower():
        return "a quote is not closed on this line"
    return "the line is not TOML: KEY = VALUE or [TABLE]; https://toml.io shows the syntax"
