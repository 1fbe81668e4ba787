"""The VM's engine asked directly over plain TCP, past every client."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

_SECONDS = 60.0


def ask(port: int, path: str, method: str = "GET", *, seconds: float = _SECONDS) -> Any:
    """The decoded answer, None when it has no content. OSError (HTTPError among them) when there is none."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", method=method)
    with urllib.request.urlopen(request, timeout=seconds) as answer:
        text = answer.read()
    return json.loads(text) if text.strip() else None


def answers(port: int) -> bool:
    try:
        ask(port, "/version", seconds=10)
    except OSError:
        return False
    return True


def clean(port: int) -> None:
    """Remove every container, network and volume. Images stay."""
    for container in ask(port, "/containers/json?all=1"):
        ask(port, f"/containers/{container['Id']}?force=1&v=1", "DELETE")
    for kind in ("networks", "volumes"):
        ask(port, f"/{kind}/prune", "POST")
