"""Free ports for one run, outside the range that the kernel hands out to clients."""

from __future__ import annotations

import random
import socket
from collections.abc import Iterator


def free_ports() -> Iterator[int]:
    """Each port once, from a random place on, so that two runs on one machine rarely meet."""
    first = random.randrange(15000, 25000)
    return (port for port in range(first, 32000) if _is_free(port))


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
