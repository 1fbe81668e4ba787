"""One HTTP/1.1 connection to the engine: as much of RFC 9112 as an engine uses.

Not `http.client`: that drags in `email`, 35 ms of a command that should take 100, and its time limit is one per
read, so that an answer which drips never ends.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from dfdev.engine.conversation import Conversation
from dfdev.engine.errors import NoHttp, ProtocolError
from dfdev.engine.patience import Patience
from dfdev.engine.ssh import SshEnded

_PIECE = 1 << 16
_LONGEST_HEAD = 1 << 16
_LAST_PIECES = 8
"""How many are read of a peer that no longer listens, to hear why."""
_BODILESS = (204, 304)


class Head(NamedTuple):
    """`headers` have lower-case names; `method` is that of the request."""

    method: str
    status: int
    headers: Mapping[str, str]


class Connection:
    """Used by one thread at a time. Raises OSError (TimeoutError) and ProtocolError."""

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected
        self._buffer = bytearray()
        self.fresh = True
        """Nothing has been answered on it yet."""
        self.reusable = False
        """The last answer was read to its end, and another one may follow."""

    def close(self) -> None:
        self.reusable = False
        self._socket.close()

    def ask(
        self,
        method: str,
        target: str,
        patience: Patience,
        body: bytes = b"",
        content_type: str = "",
        *,
        upgrade: bool = False,
    ) -> Head:
        """Send a request and read the answer's head; read the body with `pieces`. `upgrade`: to a stream both ways."""
        self.reusable = False
        head = [f"{method} {target} HTTP/1.1", "Host: docker", "User-Agent: dfdev"]
        if upgrade:
            head += ["Connection: Upgrade", "Upgrade: tcp"]
        if body or method in ("POST", "PUT"):
            head.append(f"Content-Length: {len(body)}")
        if content_type:
            head.append(f"Content-Type: {content_type}")
        self._socket.settimeout(patience.left())
        failed = self._sent("\r\n".join([*head, "", ""]).encode() + body)
        if failed is not None:
            self._hear_why()
            raise failed
        return self._head(method, patience)

    def _sent(self, data: bytes) -> OSError | None:
        try:
            self._socket.sendall(data)
        except OSError as error:
            return error
        return None

    def _hear_why(self) -> None:
        """A peer that hung up may have said why: raises the alert of a TLS that does not take our certificate, and
        what ssh says.
        """
        try:
            self._socket.settimeout(0.1)
            for _ in range(_LAST_PIECES):
                if not self._socket.recv(_PIECE):
                    return
        except SshEnded:
            raise
        except OSError as error:
            if "ALERT" in (getattr(error, "reason", None) or ""):
                raise

    def converse(self, feed: Iterator[bytes], patience: Patience) -> Iterator[bytes]:
        """Send what `feed` gives, then hang up on that side; give what comes, until the other side hangs up."""
        if self._buffer:
            yield self._take(len(self._buffer))
        yield from Conversation(self._socket, feed, patience).pieces()

    def taken_over(self) -> tuple[socket.socket, bytes]:
        """The socket after an upgrade, and what was read from it already. It stays ours to close."""
        return self._socket, self._take(len(self._buffer))

    def pieces(self, head: Head, patience: Patience) -> Iterator[bytes]:
        """The body as it arrives."""
        length = head.headers.get("content-length")
        if head.method == "HEAD" or head.status in _BODILESS:
            yield from ()
        elif "chunked" in head.headers.get("transfer-encoding", ""):
            yield from self._chunked(patience)
        elif length is not None:
            yield from self._counted(_number(length, 10), patience)
        else:
            yield from self._until_closed(patience)
            return
        self.fresh = False
        self.reusable = head.headers.get("connection", "").lower() != "close"

    def _head(self, method: str, patience: Patience) -> Head:
        while (end := self._buffer.find(b"\r\n\r\n")) < 0:
            if len(self._buffer) > _LONGEST_HEAD:
                raise ProtocolError("its answer begins with no HTTP header")
            self._more(patience)
        first, *lines = self._take(end + 4).decode("latin-1").strip().split("\r\n")
        protocol, _, rest = first.partition(" ")
        if not protocol.startswith("HTTP/1."):
            raise NoHttp(first.splitlines()[0][:60] if first else "")
        pairs = (line.partition(":") for line in lines)
        headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
        return Head(method, _number(rest[:3], 10), headers)

    def _chunked(self, patience: Patience) -> Iterator[bytes]:
        while size := _number(self._line(patience).partition(b";")[0].decode("latin-1"), 16):
            yield from self._counted(size, patience)
            self._line(patience)
        while self._line(patience):
            continue

    def _counted(self, left: int, patience: Patience) -> Iterator[bytes]:
        while left:
            if not self._buffer:
                self._more(patience)
            piece = self._take(min(left, len(self._buffer)))
            left -= len(piece)
            yield piece

    def _until_closed(self, patience: Patience) -> Iterator[bytes]:
        while True:
            if self._buffer:
                yield self._take(len(self._buffer))
            try:
                self._more(patience)
            except ConnectionResetError:
                return

    def _line(self, patience: Patience) -> bytes:
        while (end := self._buffer.find(b"\r\n")) < 0:
            self._more(patience)
        return self._take(end + 2)[:-2]

    def _take(self, count: int) -> bytes:
        taken = bytes(self._buffer[:count])
        del self._buffer[:count]
        return taken

    def _more(self, patience: Patience) -> None:
        """At least one more byte. ConnectionResetError when there will be none."""
        while True:
            self._socket.settimeout(patience.left())
            try:
                piece = self._socket.recv(_PIECE)
            except TimeoutError:
                patience.late()
                continue
            if not piece:
                raise ConnectionResetError("the engine closed the connection")
            self._buffer += piece
            return


def _number(text: str, base: int) -> int:
    try:
        return int(text, base)
    except ValueError as error:
        raise ProtocolError(f"{text[:20]!r} is no number in an HTTP answer") from error
