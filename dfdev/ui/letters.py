"""Letters that a stream cannot write, in latin-1 or ASCII: the nearest that it can, never an error."""

from __future__ import annotations

import codecs
import io
from typing import TextIO

FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
"""Of the mark that turns while a step is under way."""
_TURNING = r"|/-\|/-\|/"
_NEAREST = {
    **dict(zip(FRAMES, _TURNING, strict=True)),
    "…": "...",
    "→": "->",
    "✓": "v",
    "✗": "x",
    "❯": ">",
    "±": "+-",
    "×": "x",
    "·": ".",
    "§": "section ",
    "–": "-",
    "—": "-",
    "‘": "'",
    "’": "'",
    "“": '"',
    "”": '"',
    "─": "-",
    "│": "|",
    "├": "|",
    "└": "`",
}
_HANDLER = "dfdev.nearest"


def lenient(*streams: TextIO | None) -> None:
    """What one of these streams cannot write no longer raises."""
    codecs.register_error(_HANDLER, nearest)
    for stream in streams:
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_HANDLER)


def nearest(error: UnicodeError) -> tuple[str, int]:
    """A codec's error handler: what is written instead, and where to go on."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lost = error.object[error.start : error.end]
    return "".join(_NEAREST.get(letter, "?") for letter in lost), error.end


def fits(text: str, stream: TextIO) -> bool:
    """Whether the stream can write all of it."""
    if text.isascii():
        return True
    try:
        text.encode(getattr(stream, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        return False
    return True
