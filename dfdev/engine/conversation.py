"""A stream both ways over one socket: a command's input and its output, neither waiting for the other."""

from __future__ import annotations

import contextlib
import select
import socket
from collections.abc import Iterator

from dfdev.engine.duplex import not_yet
from dfdev.engine.patience import Patience

_PIECE = 1 << 16


class Conversation:
    """Plain sockets and TLS alike. Raises OSError, and what `feed` and `patience` raise."""

    def __init__(self, connected: socket.socket, feed: Iterator[bytes], patience: Patience) -> None:
        self._socket = connected
        self._feed = feed
        self._patience = patience
        self._unsent = memoryview(b"")
        self._sending = True

    def pieces(self) -> Iterator[bytes]:
        """What comes, until the other side hangs up."""
        self._socket.setblocking(False)
        while True:
            self._refill()
            wanted = [self._socket] if self._sending else []
            readable, writable, _ = select.select([self._socket], wanted, [], self._patience.left())
            if writable:
                self._send()
            if readable:
                for piece in self._received():
                    if not piece:
                        return
                    yield piece
            if not readable and not writable:
                self._patience.late()

    def _refill(self) -> None:
        if self._sending and not self._unsent:
            piece = next(self._feed, None)
            if piece is None:
                self._hang_up()
            else:
                self._unsent = memoryview(piece)

    def _send(self) -> None:
        """A command that ended takes no more: what it said is still to be heard."""
        try:
            self._unsent = self._unsent[self._socket.send(self._unsent) :]
        except OSError as error:
            if not_yet(error):
                return
            self._sending, self._unsent = False, memoryview(b"")

    def _received(self) -> Iterator[bytes]:
        """All that is there: TLS keeps back what `select` does not see. b"" at the end."""
        while True:
            try:
                piece = self._socket.recv(_PIECE)
            except ConnectionResetError:
                piece = b""
            except OSError as error:
                if not_yet(error):
                    return
                raise
            yield piece
            if not piece:
                return

    def _hang_up(self) -> None:
        """Of the TCP or Unix connection itself: TLS can end one direction only by ending both."""
        self._sending = False
        with contextlib.suppress(OSError):
            socket.socket.shutdown(self._socket, socket.SHUT_WR)
