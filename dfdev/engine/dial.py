"""From an endpoint to a connected socket: Unix, TCP, TLS, or `ssh HOST docker system dial-stdio` as docker does."""

from __future__ import annotations

import errno
import socket
from typing import TYPE_CHECKING

from dfdev.engine.endpoint import Endpoint, Tls
from dfdev.errors import EngineError

if TYPE_CHECKING:
    import ssl
    import subprocess


def dial(endpoint: Endpoint, seconds: float) -> socket.socket:
    """Raises OSError (TLS included); a TCP peer that does not answer at all is ETIMEDOUT."""
    if endpoint.scheme == "unix":
        return _unix(endpoint.path, seconds)
    if endpoint.scheme == "ssh":
        return _ssh(endpoint)
    return _tcp(endpoint, seconds)


def tls_context(tls: Tls) -> ssl.SSLContext:
    """For both halves of the adapter, so that they accept the same engines."""
    import ssl

    context = ssl.create_default_context(cafile=tls.ca)
    # Python 3.13 refuses certificates without the extensions of RFC 5280, and docker-machine made them so.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    if tls.cert and tls.key:
        context.load_cert_chain(tls.cert, tls.key)
    if not tls.verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _unix(path: str, seconds: float) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(seconds)
    try:
        connection.connect(path)
    except OSError:
        connection.close()
        raise
    return connection


def _tcp(endpoint: Endpoint, seconds: float) -> socket.socket:
    name, port = endpoint.name_and_port
    try:
        connection = socket.create_connection((name, port), timeout=seconds)
    except TimeoutError as error:
        raise OSError(errno.ETIMEDOUT, "it does not answer") from error
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if endpoint.tls is None:
        return connection
    try:
        return tls_context(endpoint.tls).wrap_socket(connection, server_hostname=name)
    except OSError:
        connection.close()
        raise


def _ssh(endpoint: Endpoint) -> socket.socket:
    """The user's own ssh with its agent and configuration; never asks for a password, which nobody could see."""
    import subprocess

    target, _, port = endpoint.path.partition("/")[0].partition(":")
    ours, theirs = socket.socketpair()
    options = ["-o", "BatchMode=yes", "-T", *(["-p", port] if port else [])]
    argv = ["ssh", *options, "--", target, "docker", "system", "dial-stdio"]
    with theirs:
        try:
            process = subprocess.Popen(
                argv, stdin=theirs.fileno(), stdout=theirs.fileno(), stderr=subprocess.DEVNULL, start_new_session=True
            )
        except FileNotFoundError as error:
            ours.close()
            raise EngineError(f"the engine at {endpoint} needs the command ssh", "install OpenSSH's client") from error
    return _Piped(process, ours)


class _Piped(socket.socket):
    """A socket whose other end is a child process, which ends with it."""

    def __init__(self, process: subprocess.Popen[bytes], end: socket.socket) -> None:
        super().__init__(end.family, end.type, fileno=end.detach())
        self._process = process

    def close(self) -> None:
        super().close()
        self._process.terminate()
        self._process.wait()
