"""A connected socket for a loop around `select`: nothing here waits."""

from __future__ import annotations

import contextlib
import socket

_PIECE = 1 << 16
_AT_ONCE = 16
"""Pieces that one call receives, so that a command that never stops talking does not keep the loop from the rest."""


class Duplex:
    """Plain sockets and TLS alike. Raises OSError. `before`: what was read from it already."""

    def __init__(self, connected: socket.socket, before: bytes) -> None:
        connected.setblocking(False)
        self._socket = connected
        self._before = before
        self._unsent = bytearray()
        self._closing = False
        self._deaf = False
        self._more = False
        self.ended = False
        """The other side has hung up, and all that it said was received."""

    @property
    def unsent(self) -> int:
        """Bytes that wait until the socket takes them."""
        return len(self._unsent)

    def fileno(self) -> int:
        return self._socket.fileno()

    def pending(self) -> bool:
        """Something is to be received that `select` does not see."""
        return bool(self._before) or self._more

    def send(self, data: bytes) -> None:
        self._unsent += data
        self.flush()

    def flush(self) -> None:
        """Send what fits. A command that ended takes no more: what it said is still to be heard."""
        while self._unsent and not self._deaf:
            try:
                sent = self._socket.send(memoryview(self._unsent)[: _PIECE * _AT_ONCE].tobytes())
            except OSError as error:
                if not_yet(error):
                    return
                self._deaf = True
            else:
                del self._unsent[:sent]
        if self._deaf:
            self._unsent.clear()
        if self._closing:
            self._hang_up()

    def close_input(self) -> None:
        """After what is still unsent."""
        self._closing = True
        if not self._unsent:
            self._hang_up()

    def receive(self) -> bytes:
        """What is there now, b"" when nothing is."""
        pieces, self._before = [self._before], b""
        self._more = False
        for _ in range(_AT_ONCE):
            piece = self._piece()
            if not piece:
                break
            pieces.append(piece)
        else:
            self._more = True
        return b"".join(pieces)

    def _piece(self) -> bytes:
        try:
            piece = self._socket.recv(_PIECE)
        except ConnectionResetError:
            piece = b""
        except OSError as error:
            if not_yet(error):
                return b""
            raise
        self.ended = self.ended or not piece
        return piece

    def _hang_up(self) -> None:
        """Of the TCP or Unix connection itself: TLS can end one direction only by ending both."""
        self._closing = False
        with contextlib.suppress(OSError):
            socket.socket.shutdown(self._socket, socket.SHUT_WR)


def not_yet(error: OSError) -> bool:
    """A full or an empty buffer; for TLS a named error of its own."""
    return isinstance(error, BlockingIOError) or type(error).__name__ in ("SSLWantReadError", "SSLWantWriteError")
