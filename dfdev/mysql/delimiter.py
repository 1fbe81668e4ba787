"""What ends a statement at the end of a file of SQL: `;` unless the file changed it and not back. Pure."""

from __future__ import annotations

import re

_COMMAND = re.compile(rb"^[ \t]*delimiter[ \t]+(\S+)", re.IGNORECASE | re.MULTILINE)
_LONGEST = 64
"""Bytes of such a line, where it lies across two pieces."""


class Delimiter:
    """Reads along, at the speed of a search for a word."""

    def __init__(self) -> None:
        self.last = b";"
        self._rest = b""

    def read(self, piece: bytes) -> None:
        text = self._rest + piece
        if b"DELIMITER" in text or b"delimiter" in text or b"Delimiter" in text:
            for found in _COMMAND.finditer(text):
                self.last = found[1]
        self._rest = text[-_LONGEST:]
