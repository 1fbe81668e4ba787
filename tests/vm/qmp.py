"""QEMU's own control socket. Source: qemu.org, "QEMU Machine Protocol Specification"."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

from tests.machine import MachineError

_SECONDS = 20.0


def execute(path: Path, command: str, **arguments: Any) -> Any:
    """What the command returns. One connection each: QEMU talks to one at a time, others wait for their turn.

    OSError: nobody listens. MachineError: QEMU refuses.
    """
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(_SECONDS)
        connection.connect(str(path))
        with connection.makefile("rw") as stream:
            stream.readline()
            _ask(stream, "qmp_capabilities", {})
            return _ask(stream, command, arguments)


def status(path: Path) -> str:
    """`running`, `paused`, …; "" when there is no QEMU."""
    try:
        return str(execute(path, "query-status")["status"])
    except (OSError, ValueError):
        return ""


def monitor(path: Path, line: str) -> str:
    """What the human monitor prints; its errors too."""
    return str(execute(path, "human-monitor-command", **{"command-line": line}))


def _ask(stream: Any, command: str, arguments: dict[str, Any]) -> Any:
    stream.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
    stream.flush()
    while True:
        answer = json.loads(stream.readline())
        if "error" in answer:
            raise MachineError(f"QEMU refuses {command}: {answer['error']['desc']}")
        if "return" in answer:
            return answer["return"]
