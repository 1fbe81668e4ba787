"""HTTP over a socket, against peers that behave, drip, hang up or talk nonsense."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress

import pytest

from dfdev.engine.patience import Idle
from dfdev.engine.wire import Wire, quoted
from dfdev.errors import Conflict, EngineAbsent, EngineDenied, EngineError, EngineHung, NotFound
from tests.unit.engine.server import always, answering, ok


def test_the_older_api_of_both_is_spoken() -> None:
    asked: list[bytes] = []

    def talk(connection: socket.socket, request: bytes) -> bool:
        asked.append(request.split(b" ")[1])
        connection.sendall(ok(b"{}"))
        return True

    with answering(talk) as wire:
        assert wire.api == (1, 41)
        wire.get("/images/a b/json", "asking", name='["ü&"]')
    assert asked == [b"/v1.41/images/a%20b/json?name=%5B%22%C3%BC%26%22%5D"]


@pytest.mark.parametrize(
    "answer",
    [
        ok(b'{"a": 1}'),
        b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n{"a"\r\n4;x=y\r\n: 1}\r\n0\r\nTrailer: x\r\n\r\n',
        b'HTTP/1.0 200 OK\r\nConnection: close\r\n\r\n{"a": 1}',
    ],
)
def test_bodies_of_every_kind(answer: bytes) -> None:
    def talk(connection: socket.socket, _request: bytes) -> bool:
        for i in range(0, len(answer), 7):
            connection.sendall(answer[i : i + 7])
        return b"close" not in answer

    with answering(talk) as wire:
        assert wire.get("/x", "asking") == {"a": 1}
        assert wire.get("/x", "asking") == {"a": 1}


def test_a_head_request_has_no_body() -> None:
    with answering(always(b"HTTP/1.1 200 OK\r\nX-Stat: abc\r\nContent-Length: 99\r\n\r\n", ok(b"1"))) as wire:
        assert wire.call("HEAD", "/x", "asking").headers["x-stat"] == "abc"
        assert wire.get("/x", "asking") == 1


def test_a_connection_is_kept() -> None:
    peers: set[int] = set()

    def talk(connection: socket.socket, _request: bytes) -> bool:
        peers.add(id(connection))
        connection.sendall(ok(b"1"))
        return True

    with answering(talk) as wire:
        for _ in range(5):
            wire.get("/x", "asking")
    assert len(peers) == 1


def test_a_kept_connection_that_the_engine_closed_is_replaced() -> None:
    def talk(connection: socket.socket, _request: bytes) -> bool:
        connection.sendall(ok(b"1"))
        return False

    with answering(talk) as wire:
        assert [wire.get("/x", "asking") for _ in range(3)] == [1, 1, 1]


def test_a_call_that_acts_is_sent_once() -> None:
    asked: list[bytes] = []

    def talk(connection: socket.socket, request: bytes) -> bool:
        asked.append(request)
        return False

    with answering(talk) as wire, pytest.raises(EngineAbsent) as caught:
        wire.act("POST", "/x", "acting", 5, body={"a": 1})
    assert len(asked) == 1
    assert asked[0].endswith(b'{"a": 1}')
    assert "hung up (acting)" in caught.value.message


def test_a_call_that_acts_takes_no_kept_connection() -> None:
    """It could not be told whether the engine had got it before it closed the connection."""
    peers: list[int] = []

    def talk(connection: socket.socket, _request: bytes) -> bool:
        peers.append(connection.fileno())
        connection.sendall(ok(b"1"))
        return True

    with answering(talk) as wire:
        wire.get("/x", "asking")
        wire.call("POST", "/x", "acting")
    assert len(set(peers)) == 2


def test_no_answer_at_all() -> None:
    def talk(connection: socket.socket, _request: bytes) -> bool:
        with suppress(OSError):
            connection.recv(1)
        return False

    with answering(talk) as wire, pytest.raises(EngineHung) as caught:
        wire.get("/x", "asking")
    assert "did not answer within 0.4 s (asking)" in caught.value.message


@pytest.mark.parametrize("start", [b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"])
def test_an_answer_that_drips_does_not_outlast_the_deadline(start: bytes) -> None:
    def talk(connection: socket.socket, _request: bytes) -> bool:
        connection.sendall(start)
        end = time.monotonic() + 5
        while time.monotonic() < end:
            connection.sendall(b"x")
            time.sleep(0.02)
        return False

    began = time.monotonic()
    with answering(talk) as wire:
        with pytest.raises(EngineHung):
            wire.get("/x", "asking")
        assert time.monotonic() - began < 2


def test_a_call_that_works_long_is_no_hang_while_the_engine_pings() -> None:
    def talk(connection: socket.socket, _request: bytes) -> bool:
        threading.Event().wait(0.6)
        connection.sendall(ok(b"1"))
        return True

    with answering(talk, timeout=0.2) as wire:
        assert wire.act("POST", "/x", "acting", 5) == 1


def test_a_call_that_works_too_long() -> None:
    def talk(connection: socket.socket, _request: bytes) -> bool:
        with suppress(OSError):
            connection.recv(1)
        return False

    began = time.monotonic()
    with answering(talk, timeout=0.1) as wire, pytest.raises(EngineHung) as caught:
        wire.act("POST", "/x", "acting", 0.5)
    assert 0.4 < time.monotonic() - began < 2
    assert "0.5 s (acting)" in caught.value.message


def test_a_stream_that_falls_silent() -> None:
    def talk(connection: socket.socket, _request: bytes) -> bool:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\nfirst")
        with suppress(OSError):
            connection.recv(1)
        return False

    with answering(talk) as wire, pytest.raises(EngineHung):
        with wire.stream("GET", "/x", "reading", Idle(0.2)) as (_, pieces):
            assert next(pieces) == b"first"
            next(pieces)


@pytest.mark.parametrize(
    ("status", "kind"), [(404, NotFound), (409, Conflict), (400, EngineError), (500, EngineError), (503, EngineError)]
)
def test_the_engines_own_words(status: int, kind: type[EngineError]) -> None:
    body = b'{"message":"the engine says no"}'
    answer = b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n%s" % (status, len(body), body)
    with answering(always(answer, ok(b"1"))) as wire:
        with pytest.raises(kind) as caught:
            wire.get("/x", "asking")
        assert caught.value.message == "asking: the engine says no"
        assert wire.get("/x", "asking") == 1


def test_words_of_something_in_between() -> None:
    answer = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 12\r\n\r\n<h1>Bad</h1>"
    with answering(always(answer)) as wire, pytest.raises(EngineError) as caught:
        wire.get("/x", "asking")
    assert "<h1>Bad</h1>" in caught.value.message


def test_an_engine_that_wants_tls() -> None:
    text = b"Client sent an HTTP request to an HTTPS server."
    answer = b"HTTP/1.0 400 Bad Request\r\nContent-Length: %d\r\n\r\n%s" % (len(text), text)
    with answering(always(answer)) as wire, pytest.raises(EngineDenied):
        wire.get("/x", "asking")


@pytest.mark.parametrize(
    "answer",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"x" * 70_000,
    ],
)
def test_something_that_is_no_engine(answer: bytes) -> None:
    with answering(always(answer)) as wire, pytest.raises(EngineError) as caught:
        wire.get("/x", "asking")
    assert "is unix://" in caught.value.hint


def test_an_answer_that_is_cut_off() -> None:
    def talk(connection: socket.socket, _request: bytes) -> bool:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
        return False

    with answering(talk) as wire, pytest.raises(EngineAbsent):
        wire.get("/x", "asking")


def test_json_that_is_none() -> None:
    with answering(always(ok(b"{half"))) as wire, pytest.raises(EngineError):
        wire.get("/x", "asking")


def test_many_threads_at_once() -> None:
    def talk(connection: socket.socket, request: bytes) -> bool:
        connection.sendall(ok(request.split(b" ")[1].rpartition(b"/")[2]))
        return True

    found: list[tuple[int, object]] = []

    def ask(wire: Wire, number: int) -> None:
        found.extend((number, wire.get(f"/{number}", "asking")) for _ in range(10))

    with answering(talk, timeout=10) as wire:
        threads = [threading.Thread(target=ask, args=(wire, number)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(found) == 80
    assert all(number == said for number, said in found)


def test_quoting() -> None:
    assert quoted("localhost:5000/www:dev@sha256:a") == "localhost:5000/www:dev@sha256:a"
    assert quoted("a b?&=%ü") == "a%20b%3F%26%3D%25%C3%BC"
