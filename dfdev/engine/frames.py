"""The engine's multiplexed streams and its log lines. Pure.

A frame is one byte of stream (1 stdout, 2 stderr), three of padding, four of length (big-endian), then the data; a
container with a terminal has no frames. Source: moby api, "Attach to a container", stream format.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from dfdev.engine.protocol import LogLine

_HEADER = 8
_STREAMS = {0: "stdout", 1: "stdout", 2: "stderr"}
_STAMP = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d) ")

Frame = tuple[str, bytes]


def frames(pieces: Iterable[bytes], *, tty: bool) -> Iterator[Frame]:
    """(stream name, data). A frame that the end cuts off is given as far as it came."""
    unframed = Unframed(tty=tty)
    for piece in pieces:
        yield from unframed.more(piece)
    yield from unframed.rest()


class Unframed:
    """The same for pieces that are given one by one."""

    def __init__(self, *, tty: bool) -> None:
        self._tty = tty
        self._buffer = bytearray()

    def more(self, piece: bytes) -> list[Frame]:
        if self._tty:
            return [("stdout", piece)] if piece else []
        self._buffer += piece
        found, start = [], 0
        while len(self._buffer) - start >= _HEADER:
            data = start + _HEADER
            end = data + int.from_bytes(self._buffer[start + 4 : data], "big")
            if len(self._buffer) < end:
                break
            found.append((_STREAMS.get(self._buffer[start], "stderr"), bytes(self._buffer[data:end])))
            start = end
        del self._buffer[:start]
        return found

    def rest(self) -> list[Frame]:
        """What the end cut off."""
        if len(self._buffer) <= _HEADER:
            return []
        cut = (_STREAMS.get(self._buffer[0], "stderr"), bytes(self._buffer[_HEADER:]))
        self._buffer.clear()
        return [cut]


def log_lines(found: Iterable[Frame]) -> Iterator[LogLine]:
    """Whole lines. The engine cuts a long line into frames of 16 KB and stamps each: they are joined again."""
    waiting: dict[str, bytes] = {}
    for stream, data in found:
        before = waiting.pop(stream, b"")
        if before:
            data = before + _STAMP.sub(b"", data, count=1) if _STAMP.match(data) else before + data
        *lines, rest = data.split(b"\n")
        yield from (_line(stream, line) for line in lines)
        if rest:
            waiting[stream] = rest
    yield from (_line(stream, line) for stream, line in waiting.items())


def _line(stream: str, line: bytes) -> LogLine:
    found = _STAMP.match(line)
    stamp = found.group()[:-1].decode() if found else ""
    text = line[found.end() :] if found else line
    return LogLine(stamp, text.decode("utf-8", "replace").removesuffix("\r"), stream)
