"""An engine's socket that says what a test tells it to."""

from __future__ import annotations

import contextlib
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from dfdev.engine.endpoint import Endpoint
from dfdev.engine.wire import Wire

Talk = Callable[[socket.socket, bytes], bool]
"""Answer one request on the connection; `False` ends it."""

PING = b"HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Length: 2\r\n\r\nOK"


def ok(body: bytes, extra: bytes = b"") -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n%s\r\n%s" % (len(body), extra, body)


@contextmanager
def answering(talk: Talk, timeout: float = 0.4) -> Iterator[Wire]:
    """A wire to it. Pings are answered here; every other request goes to `talk`."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "s"
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(path))
        listener.listen()
        thread = threading.Thread(target=_accept, args=(listener, talk), daemon=True)
        thread.start()
        wire = Wire(Endpoint(f"unix://{path}", "a test"), timeout)
        try:
            yield wire
        finally:
            wire.close()
            listener.shutdown(socket.SHUT_RDWR)
            listener.close()
            thread.join()


def always(*answers: bytes) -> Talk:
    """The next of these answers for each request, whichever it is."""
    left = list(answers)

    def talk(connection: socket.socket, _request: bytes) -> bool:
        connection.sendall(left.pop(0))
        return True

    return talk


def _accept(listener: socket.socket, talk: Talk) -> None:
    threads = []
    with contextlib.suppress(OSError):
        while True:
            connection, _ = listener.accept()
            threads.append(threading.Thread(target=_serve, args=(connection, talk), daemon=True))
            threads[-1].start()
    for thread in threads:
        thread.join()


def _serve(connection: socket.socket, talk: Talk) -> None:
    with connection, contextlib.suppress(OSError):
        while request := _request(connection):
            if request.startswith(b"GET /_ping"):
                connection.sendall(PING)
            elif not talk(connection, request):
                return


def _request(connection: socket.socket) -> bytes:
    """Head and body of one request, b"" at the end."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(4096)
        if not piece:
            return b""
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    length = next((int(x.split(b":")[1]) for x in head.split(b"\r\n") if x.lower().startswith(b"content-length")), 0)
    while len(body) < length:
        body += connection.recv(4096)
    return head + b"\r\n\r\n" + body
