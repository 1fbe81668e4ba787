"""The JSON progress of pull, build and import: lines for people, and the error that ends it. Pure."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Mapping
from typing import Any

from dfdev.engine.protocol import OnLine

_LAST = 15
_UNREACHABLE = re.compile(
    r"no such host|connection refused|i/o timeout|timeout exceeded|deadline exceeded|network is unreachable|"
    r"no route to host|server gave HTTP response|tls:|x509:|TLS handshake|\bEOF\b|proxyconnect|"
    r"temporary failure in name|server misbehaving|connection reset|5\d\d (Internal|Bad|Service|Gateway)",
    re.I,
)
_UNKNOWN = re.compile(
    r"manifest unknown|not found|does not exist|repository .* not|name unknown|denied|unauthorized|no such image", re.I
)


class ProgressError(Exception):
    """The stream ended with an error; `last` are the lines before it."""

    def __init__(self, text: str, last: tuple[str, ...]) -> None:
        super().__init__(text)
        self.last = last


def follow(messages: Iterable[Mapping[str, Any]], on_line: OnLine) -> str:
    """Tell every line and return the id that the stream names, "" without one. Raises ProgressError."""
    last: deque[str] = deque(maxlen=_LAST)
    found = error = ""
    # To the very end also after an error, so that the connection is free again.
    for message in messages:
        error = error or str(message.get("error", "")).strip()
        found = _id(message) or found
        for line in _text(message).splitlines():
            if line.strip():
                last.append(line.rstrip())
                on_line(line.rstrip())
    if error:
        raise ProgressError(error, tuple(last))
    return found


def unreachable(text: str) -> bool:
    """The registry did not answer, as opposed to having no such image."""
    return bool(_UNREACHABLE.search(text))


def unknown(text: str) -> bool:
    """A registry answered that it has no such image, or none for us."""
    return bool(_UNKNOWN.search(text))


def _text(message: Mapping[str, Any]) -> str:
    """A build's `stream`, or a pull's `status` with the layer's id; the byte counters of a layer are left out."""
    if "stream" in message:
        return str(message["stream"])
    if message.get("progressDetail"):
        return ""
    status, layer = str(message.get("status", "")), str(message.get("id", ""))
    return f"{layer}: {status}" if layer and status else status


def _id(message: Mapping[str, Any]) -> str:
    aux = message.get("aux")
    return str(aux.get("ID", "")) if isinstance(aux, dict) else ""
