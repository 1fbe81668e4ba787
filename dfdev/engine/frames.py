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
    if tty:
        yield from (("stdout", piece) for piece in pieces)
        return
    buffer = bytearray()
    for piece in pieces:
        buffer += piece
        while len(buffer) >= _HEADER:
            end = _HEADER + int.from_bytes(buffer[4:8], "big")
            if len(buffer) < end:
                break
            yield _STREAMS.get(buffer[0], "stderr"), bytes(buffer[_HEADER:end])
            del buffer[:end]
    if len(buffer) > _HEADER:
        yield _STREAMS.get(buffer[0], "stderr"), bytes(buffer[_HEADER:])


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
