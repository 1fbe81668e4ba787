"""Text that is not ours, on its way out: what would steer a terminal is shown, never obeyed."""

from __future__ import annotations

OURS = r"\x1b\[(?:0|1|2|3[1-6])m"
"""The colours that we paint with ourselves; none of them hides or moves anything."""
ANY_COLOUR = r"\x1b\[[0-9;:]*m"
"""Every colour, as a service's log has them."""

_C0 = (*range(0x20), 0x7F, *range(0x80, 0xA0))
_TURNED = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
"""Marks that show the letters after them in another order than they have."""
_SHOWN = {**{c: f"\\x{c:02x}" for c in _C0}, **{c: f"\\u{c:04x}" for c in _TURNED}}
_LINES = {c: shown for c, shown in _SHOWN.items() if c not in (0x09, 0x0A)}
_IN_JSON = {c: f"\\u{c:04x}" for c in _SHOWN if c >= 0x7F}


def visible(text: str, keeping: str = "") -> str:
    """Lines with control sequences as `\\x1b[…`, but for those that the pattern keeps."""
    return _translated(text.replace("\r\n", "\n"), _LINES, keeping)


def in_one_line(text: str, keeping: str = "") -> str:
    """As `visible`, with the ends of lines shown too: a cell of a table."""
    return _translated(text, _SHOWN, keeping)


def in_json(document: str) -> str:
    """A document that `json.dumps` has made, with what JSON lets through escaped as well."""
    return document.translate(_IN_JSON)


def _translated(text: str, shown: dict[int, str], keeping: str) -> str:
    if not keeping or "\x1b" not in text:
        return text.translate(shown)
    import re

    parts = re.split(f"({keeping})", text)
    return "".join(part if i % 2 else part.translate(shown) for i, part in enumerate(parts))
