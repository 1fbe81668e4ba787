"""What a tool wrote to a terminal as text for who has none. Pure."""

from __future__ import annotations

import re

_CURSOR_OR_TITLE = r"\x1b\[[0-9;?]*[A-Za-ln-z]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[=>78cM]"
_MOVES = re.compile(_CURSOR_OR_TITLE)
_ALL = re.compile(rf"{_CURSOR_OR_TITLE}|\x1b\[[0-9;]*m")
_ERASED = re.compile(r"\x1b\[(?:1000D|G)|\x1b\[2K")
"""To the beginning of the line, to write it anew: what \r does where a log is shown."""
_UNFINISHED = re.compile(r"(?:\r|\x1b\[[0-9;?]*[A-Za-z])*(?:\x1b(?:\[[0-9;?]*|\][^\x07\x1b]*\x1b?)?|\r)\Z")
"""A sequence that is not whole yet, or what a newline may follow."""


def plain(text: str) -> str:
    """As it stands there now: no colours, and of a line that was written again and again the last."""
    text = _ALL.sub("", _ERASED.sub("\r", text)).replace("\x07", "")
    lines = text.replace("\r\n", "\n").split("\n")
    return "\n".join(_rewritten(re.sub(r"\r+\Z", "", line)) for line in lines)


def _rewritten(line: str) -> str:
    return line.rpartition("\r")[2]


class Cleaned:
    """The same text piece by piece, with \\n at the end of a line and without moves of the cursor; colours stay."""

    def __init__(self) -> None:
        self._kept = ""

    def more(self, text: str) -> str:
        text = self._kept + text
        cut = _UNFINISHED.search(text)
        self._kept = text[cut.start() :] if cut else ""
        return _cleaned(text[: cut.start()] if cut else text)

    def rest(self) -> str:
        kept, self._kept = self._kept, ""
        return _cleaned(kept)


def _cleaned(text: str) -> str:
    text = _MOVES.sub("", _ERASED.sub("\r", text))
    return re.sub(r"\r+", "\r", re.sub(r"\r+\n", "\n", text))
