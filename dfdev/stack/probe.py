"""Asking a service whether it serves: one question, no waiting. The answer is "" for ready, else what is missing."""

from __future__ import annotations

import shlex
import socket

from dfdev.core.desired import Health, Port, Service
from dfdev.engine.protocol import Engine
from dfdev.errors import EngineError

_PATIENCE = 3.0
"""Seconds for one answer."""
_EXEC_PATIENCE = 15.0
_SAYS_NO = "its health command"
REFUSED = "it refuses"
"""Of an answer that does not get better by waiting."""
_NO_CLIENT = 90
_LINGER = 0.15
"""Seconds that an accepted connection must stay open: a port forwarder accepts before the service listens, and
hangs up at once."""


def published(service: Service) -> Port | None:
    """The host port that leads to the service's health port, `None` when it is not published."""
    wanted = service.health.port
    return next((p for p in service.ports if p.container == wanted and p.protocol == "tcp"), None)


def probe(engine: Engine, service: Service, container: str, address: str) -> str:
    """`address` is where published ports are reachable from this host."""
    health, port = service.health, published(service)
    if health.kind == "mysql":
        return _mysql(engine, service, container, address)
    if health.kind == "command":
        return _command(engine, container, list(health.command))
    if port is None:
        return _inside(engine, container, health)
    if health.kind == "http":
        return http(address, port.host, health.value)
    return tcp(address, port.host)


def http(address: str, port: int, path: str) -> str:
    """A GET that answers 2xx or 3xx. Only the status line is read: `http.client` costs 25 ms to import."""
    asked = f"GET {path} HTTP/1.1\r\nHost: {address}:{port}\r\nUser-Agent: dfdev\r\nConnection: close\r\n\r\n"
    try:
        with socket.create_connection((address, port), timeout=_PATIENCE) as connection:
            connection.sendall(asked.encode())
            line = _first_line(connection)
    except OSError as error:
        return f"GET {path} on port {port}: {_why(error)}"
    protocol, _, rest = line.partition(" ")
    if not protocol.startswith("HTTP/1."):
        return f"GET {path} on port {port}: {'it hangs up' if not line else 'its answer is not HTTP'}"
    return "" if rest[:1] in ("2", "3") else f"GET {path} on port {port} answers {rest[:3]}"


def _first_line(connection: socket.socket) -> str:
    """What arrives before the first line ends, the connection closes, or 4 KiB have come."""
    got = b""
    while b"\n" not in got and len(got) < 4096:
        piece = connection.recv(1024)
        if not piece:
            break
        got += piece
    return got.partition(b"\n")[0].decode("latin-1").strip()


def tcp(address: str, port: int) -> str:
    """A connection that is accepted and stays open."""
    try:
        with socket.create_connection((address, port), timeout=_PATIENCE) as connection:
            connection.settimeout(_LINGER)
            return "" if connection.recv(1) else f"port {port} hangs up"
    except TimeoutError:
        return ""
    except OSError as error:
        return f"port {port}: {_why(error)}"


def greeting(address: str, port: int) -> str:
    """A MySQL server's first packet: protocol 10 after the 4-byte header.

    The image's own temporary server does not listen on TCP. Source: MySQL Protocol::HandshakeV10.
    """
    try:
        with socket.create_connection((address, port), timeout=_PATIENCE) as connection:
            first = connection.recv(5)
    except OSError as error:
        return f"port {port}: {_why(error)}"
    return "" if first[4:5] == b"\x0a" else f"no MySQL greeting on port {port} yet"


def inside_command(health: Health) -> list[str]:
    """The same question from inside the container, with whatever client its image has; exits 90 when it has none."""
    url, port = shlex.quote(f"http://127.0.0.1:{health.port}{health.value}"), health.port
    web = (
        f"wget -q -T 3 -O /dev/null {url} 2>/dev/null || curl -fsS -m 3 -o /dev/null {url} 2>/dev/null || "
        f"python3 -c 'import sys, urllib.request as u; u.urlopen(sys.argv[1], timeout=3)' {url} 2>/dev/null"
    )
    bare = (
        f"nc -z 127.0.0.1 {port} 2>/dev/null || bash -c ': </dev/tcp/127.0.0.1/{port}' 2>/dev/null || "
        f"python3 -c 'import socket; socket.create_connection((\"127.0.0.1\", {port}), 3)' 2>/dev/null || "
        f"{{ timeout 1 nc 127.0.0.1 {port} </dev/null >/dev/null 2>&1; "
        "case $? in 0|124|143) ;; *) exit 1; esac; }"
    )
    clients, ask = ("wget curl python3", web) if health.kind == "http" else ("nc bash python3", bare)
    some = f"for c in {clients}; do command -v $c >/dev/null && some=1; done; [ $some ] || exit {_NO_CLIENT}"
    return ["sh", "-c", f"{some}; {ask}"]


def _inside(engine: Engine, container: str, health: Health) -> str:
    answer = _command(engine, container, inside_command(health))
    asked = f"GET {health.value} on port {health.port}" if health.kind == "http" else f"port {health.port}"
    if answer.endswith(f"exits {_NO_CLIENT}"):
        return f"{asked}: its image has no program to ask with; publish the port"
    return f"{asked} in the container: no answer yet" if answer.startswith(_SAYS_NO) else answer


def _command(engine: Engine, container: str, argv: list[str]) -> str:
    try:
        result = engine.exec(container, argv, timeout=_EXEC_PATIENCE)
    except EngineError as error:
        return error.message
    last = result.output.strip().splitlines()[-1:] or [""]
    return "" if result.exit_code == 0 else f"{_SAYS_NO} exits {result.exit_code} {last[0]}".rstrip()


def _mysql(engine: Engine, service: Service, container: str, address: str) -> str:
    """First the greeting (cheap), then a real query. A refused password is an answer of the server over TCP too, and
    of no use to those that the file gives it to.
    """
    port = published(service)
    if port is not None:
        missing = greeting(address, port.host)
        if missing:
            return missing
    answer = _command(engine, container, list(service.health.command))
    refused = "ERROR 1045" in answer or "Access denied" in answer
    if refused and service.health.value:
        return (
            f"{REFUSED} the user {service.health.value} of [mysql]: {answer.partition(' exits ')[2].partition(' ')[2]}"
        )
    no_client = port is not None and ("exits 126" in answer or "exits 127" in answer)
    return "" if refused or no_client else answer


def _why(error: Exception) -> str:
    if isinstance(error, ConnectionRefusedError):
        return "nothing listens yet"
    if isinstance(error, TimeoutError):
        return "no answer yet"
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
