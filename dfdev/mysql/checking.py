"""The server that runs against the variables that were saved of production."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from dfdev.errors import DfdevError
from dfdev.mysql.likeness import Difference, comparable, differences
from dfdev.mysql.variables import SAVE, parse_variables

Query = Callable[[str], list[list[str]]]
"""SQL -> its rows, each a list of texts."""

_BOMS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))
"""A shell of Windows saves UTF-16."""


def check(query: Query, production_text: str) -> tuple[Difference, ...]:
    """What makes the server here behave unlike production. DfdevError: the text is no list of variables."""
    production = parse_variables(production_text)
    if not comparable(production):
        raise DfdevError("the file has none of the variables that change behaviour", f"save all of them: {SAVE}")
    return differences(production, server_variables(query))


def server_variables(query: Query) -> dict[str, str]:
    """Global ones: a session has what its client asked for."""
    return {row[0].lower(): row[1] for row in query("SHOW GLOBAL VARIABLES")}


def saved_text(path: Path) -> str:
    """The file of production's variables. DfdevError: it cannot be read."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DfdevError(f"cannot read {path}: {error.strerror}", f"save it with: {SAVE}") from error
    encoding = next((name for mark, name in _BOMS if data.startswith(mark)), "utf-8")
    return data.decode(encoding, errors="replace")
