"""Columns of text. rich has finer tables, but costs 50 ms to import, on every `status`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dfdev.core.visible import OURS, in_one_line

_NARROW = str.maketrans("✓✗", "vx")
"""Our own marks take one cell; asking `unicodedata` costs 6 ms, for a shared library of its own."""
_ANSI = re.compile(r"\x1b\[[0-9;]*m")


def columns(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Left-aligned columns with two spaces between them; no trailing blanks."""
    table = [tuple(headers), *(tuple(in_one_line(cell, OURS) for cell in row) for row in rows)]
    widths = [max(width(row[i]) for row in table) for i in range(len(headers))]
    lines = ("  ".join(_pad(cell, w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in table)
    return "\n".join(lines)


def width(text: str) -> int:
    """Cells that the text takes in a terminal: colours take none, wide characters two."""
    plain = _ANSI.sub("", text).translate(_NARROW)
    if plain.isascii():
        return len(plain)
    import unicodedata

    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in plain)


def _pad(text: str, cells: int) -> str:
    return text + " " * (cells - width(text))
