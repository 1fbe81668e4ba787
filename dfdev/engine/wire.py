"""Calls to the engine over plain sockets, with nothing heavier than `socket` and `json`: one round trip is 0.3 ms.

Importing the docker SDK costs more than a whole `docker compose ps`, its time limits are per read, and it waits for
an exec's output without any. Hence only what it really brings goes through it: see `sdk`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

from dfdev.engine.connection import Connection, Head
from dfdev.engine.dial import dial
from dfdev.engine.endpoint import Endpoint
from dfdev.engine.errors import ProtocolError, refusal, translated
from dfdev.engine.patience import Idle, Patience, Total

NEWEST_API = (1, 45)
"""What we speak at most; the engine's own version when that is older. 1.44 is the least that Engine 29 answers to."""
_UNRESERVED = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/:@"


class Answer(NamedTuple):
    """`asked`, `answered`: this host's clock just before the request was sent and just after the answer's head came;
    `took`: the same span by a clock that nobody sets. All in nanoseconds.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    asked: int = 0
    answered: int = 0
    took: int = 0


class Wire:
    """Many threads may call at once: each call takes an idle connection or opens one."""

    def __init__(self, endpoint: Endpoint, timeout: float) -> None:
        self.endpoint = endpoint
        self.timeout = timeout
        """Seconds for a query."""
        self._idle: list[Connection] = []
        self._api: tuple[int, int] | None = None

    @property
    def api(self) -> tuple[int, int]:
        """The API version agreed upon. Threads that ask first at once all ask: a lock would add up their deadlines."""
        if self._api is None:
            self._api = _agreed(self.ping())
        return self._api

    def get(self, path: str, doing: str, **query: str) -> object:
        """The JSON of an answer."""
        return self.ask(path, doing, query)[1]

    def ask(self, path: str, doing: str, query: Mapping[str, str] | None = None) -> tuple[Answer, Any]:
        """The answer and the JSON in it."""
        answer = self.call("GET", path, doing, query)
        with translated(self.endpoint, doing, self.timeout):
            return answer, decode(answer.body)

    def call(
        self,
        method: str,
        path: str,
        doing: str,
        query: Mapping[str, str] | None = None,
        *,
        body: bytes = b"",
        content_type: str = "",
    ) -> Answer:
        """Ask and read the whole answer within the query's deadline. An error status raises.

        The call is sent again on a new connection when the engine had closed a kept one: for calls that may be
        repeated only, which is why POST never takes a kept connection.
        """
        target, patience = self._target(path, query), Total(self.timeout)
        with translated(self.endpoint, doing, self.timeout):
            answer = self._exchange(method, target, patience, body, content_type)
        self._check(answer.status, answer.body, doing)
        return answer

    def act(
        self,
        method: str,
        path: str,
        doing: str,
        seconds: float,
        *,
        query: Mapping[str, str] | None = None,
        body: object = None,
    ) -> object:
        """A call that may work for up to `seconds`; whoever hangs meanwhile is noticed by its silence."""
        patience = Idle(self.timeout, self.ping, limit=max(seconds, self.timeout))
        text = b"" if body is None else json.dumps(body).encode()
        with self.stream(method, path, doing, patience, query=query, body=text) as (_, pieces):
            return decode(b"".join(pieces))

    @contextmanager
    def stream(
        self,
        method: str,
        path: str,
        doing: str,
        patience: Patience,
        *,
        query: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> Iterator[tuple[Head, Iterator[bytes]]]:
        """The answer's head and its body as it arrives, on a connection of its own."""
        target = self._target(path, query)
        with translated(self.endpoint, doing, patience.seconds):
            connection = self._connect(patience)
            try:
                head = connection.ask(method, target, patience, body, "application/json" if body else "")
                if head.status >= 400:
                    self._check(head.status, b"".join(connection.pieces(head, patience)), doing)
                yield head, connection.pieces(head, patience)
            finally:
                connection.close()

    @contextmanager
    def converse(
        self, path: str, doing: str, patience: Patience, body: bytes, feed: Iterator[bytes]
    ) -> Iterator[Iterator[bytes]]:
        """What comes back while `feed` is sent. What `feed` raises goes through, unless it is an OSError."""
        with translated(self.endpoint, doing, patience.seconds):
            with self.upgraded(path, doing, patience, body) as connection:
                yield connection.converse(feed, patience)

    @contextmanager
    def upgraded(self, path: str, doing: str, patience: Patience, body: bytes) -> Iterator[Connection]:
        """A connection of its own that the engine has made a stream both ways. What is raised inside goes through."""
        target = self._target(path, None)
        with translated(self.endpoint, doing, patience.seconds):
            connection = self._connect(patience)
        try:
            with translated(self.endpoint, doing, patience.seconds):
                head = connection.ask("POST", target, patience, body, "application/json", upgrade=True)
                if head.status >= 400:
                    self._check(head.status, b"".join(connection.pieces(head, patience)), doing)
            yield connection
        finally:
            connection.close()

    def ping(self, seconds: float | None = None) -> Answer:
        """Whether the engine answers at all, within `seconds` or the query's deadline."""
        limit = self.timeout if seconds is None else min(seconds, self.timeout)
        with translated(self.endpoint, "asking whether it is there", limit):
            answer = self._exchange("GET", "/_ping", Total(limit))
        self._check(answer.status, answer.body, "asking whether it is there")
        if self._api is None:
            self._api = _agreed(answer)
        return answer

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()

    def _target(self, path: str, query: Mapping[str, str] | None) -> str:
        major, minor = self.api
        pairs = "&".join(f"{name}={quoted(value)}" for name, value in (query or {}).items())
        return f"/v{major}.{minor}{quoted(path)}" + (f"?{pairs}" if pairs else "")

    def _exchange(
        self, method: str, target: str, patience: Patience, body: bytes = b"", content_type: str = ""
    ) -> Answer:
        while True:
            connection = self._connect(patience, fresh=method == "POST")
            try:
                return self._once(connection, method, target, patience, body, content_type)
            except (ConnectionError, BrokenPipeError):
                if connection.fresh:
                    raise

    def _once(
        self, connection: Connection, method: str, target: str, patience: Patience, body: bytes, content_type: str
    ) -> Answer:
        try:
            asked, began = time.time_ns(), time.perf_counter_ns()
            head = connection.ask(method, target, patience, body, content_type)
            times = (asked, time.time_ns(), time.perf_counter_ns() - began)
            answer = Answer(head.status, head.headers, b"".join(connection.pieces(head, patience)), *times)
        except BaseException:
            connection.close()
            raise
        if connection.reusable:
            self._idle.append(connection)
        else:
            connection.close()
        return answer

    def _connect(self, patience: Patience, fresh: bool = True) -> Connection:
        if not fresh:
            try:
                return self._idle.pop()
            except IndexError:
                pass
        return Connection(dial(self.endpoint, patience.left()))

    def _check(self, status: int, body: bytes, doing: str) -> None:
        if status >= 400:
            raise refusal(status, message(body), self.endpoint, doing)


def quoted(text: str) -> str:
    """Percent-encoded; `/`, `:` and `@` stay. (`urllib.parse` costs 8 ms to import.)"""
    data = text.encode()
    if not data.translate(None, _UNRESERVED):
        return text
    return "".join(chr(byte) if byte in _UNRESERVED else f"%{byte:02X}" for byte in data)


def decode(body: bytes) -> object:
    try:
        value: object = json.loads(body or b"null")
    except ValueError as error:
        raise ProtocolError(f"its answer is not JSON: {body[:60]!r}") from error
    return value


def message(body: bytes) -> str:
    """The engine's own words: `{"message": ...}`, or plain text from a proxy."""
    try:
        value = json.loads(body)
    except ValueError:
        return body.decode("utf-8", "replace")[:300]
    return str(value.get("message", value)) if isinstance(value, dict) else str(value)


def _agreed(ping: Answer) -> tuple[int, int]:
    return min(NEWEST_API, _version(ping.headers.get("api-version", "")))


def _version(text: str) -> tuple[int, int]:
    major, _, minor = text.partition(".")
    return (int(major), int(minor)) if major.isdecimal() and minor.isdecimal() else NEWEST_API
