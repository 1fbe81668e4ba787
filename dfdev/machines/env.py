"""Lines for `eval`, so that plain `docker` in a terminal uses the same engine. Pure."""

from __future__ import annotations

import shlex
from collections.abc import Mapping

SHELLS = ("sh", "fish")


def shell_of(path: str) -> str:
    """The kind of $SHELL: fish has words of its own, all others understand sh."""
    return "fish" if path.rpartition("/")[2] == "fish" else "sh"


def env_lines(variables: Mapping[str, str], shell: str) -> list[str]:
    """One line a variable; an empty one is taken out of the environment."""
    if shell == "fish":
        return [f"set -gx {name} {_fish(text)};" if text else f"set -e {name};" for name, text in variables.items()]
    return [f"export {name}={shlex.quote(text)}" if text else f"unset {name}" for name, text in variables.items()]


def _fish(text: str) -> str:
    """fish knows two escapes in single quotes: of the quote, and of the backslash."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
