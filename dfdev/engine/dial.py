"""From an endpoint to a connected socket: Unix, TCP, TLS, or `ssh HOST docker system dial-stdio` as docker does."""

from __future__ import annotations

import errno
import shlex
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from dfdev.core.typed import typed
from dfdev.engine import ssh
from dfdev.engine.endpoint import Endpoint, Tls
from dfdev.errors import EngineDenied

if TYPE_CHECKING:
    import ssl


def dial(endpoint: Endpoint, seconds: float) -> socket.socket:
    """Raises OSError (TLS included); a TCP peer that does not answer at all is ETIMEDOUT. EngineAbsent, EngineHung:
    there is no address.
    """
    endpoint.must_be_there()
    if endpoint.scheme == "unix":
        return _unix(endpoint.path, seconds)
    if endpoint.scheme == "ssh":
        return ssh.dial(endpoint)
    return _tcp(endpoint, seconds)


def tls_context(tls: Tls) -> ssl.SSLContext:
    """For both halves of the adapter, so that they accept the same engines. EngineDenied: a file cannot be used."""
    import ssl

    with _usable(tls.ca or ""):
        context = ssl.create_default_context(cafile=tls.ca)
    # Python 3.13 refuses certificates without the extensions of RFC 5280, and docker-machine made them so.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    if tls.cert and tls.key:
        with _usable(tls.cert, tls.key):
            context.load_cert_chain(tls.cert, tls.key, password=_no_password)
    if not tls.verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


@contextmanager
def _usable(*paths: str) -> Iterator[None]:
    """EngineDenied, naming the file that cannot be read, or is no PEM."""
    try:
        yield
    except OSError as error:
        for path in paths:
            _must_be_readable(path)
        raise EngineDenied(f"{' and '.join(paths)}: {_why_not(error, len(paths))}", _ANEW) from error
    except _LockedError as error:
        hint = f"`openssl pkey -in {shlex.quote(paths[-1])} -out {shlex.quote(paths[-1])}` takes it off"
        raise EngineDenied(f"{paths[-1]} has a pass phrase, which nobody can be asked for here", hint) from error


def _must_be_readable(path: str) -> None:
    """OpenSSL does not say which of two files it is about."""
    try:
        Path(path).open("rb").close()
    except OSError as error:
        hint = f"`{typed('ls -l', path)}` shows whose it is"
        raise EngineDenied(f"cannot read {path}: {error.strerror}", hint) from error


_ANEW = "have them made anew, e.g. `docker-machine regenerate-certs`; DOCKER_CERT_PATH or the docker context names them"


class _LockedError(Exception):
    """The key has a pass phrase."""


def _no_password() -> str:
    raise _LockedError


def _why_not(error: OSError, files: int) -> str:
    if "KEY_VALUES_MISMATCH" in str(getattr(error, "reason", "")):
        return "the key is not that of the certificate"
    return "no certificate and key in PEM" if files > 1 else "no certificate in PEM"


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
    context = tls_context(endpoint.tls) if endpoint.tls is not None else None
    try:
        connection = socket.create_connection((name, port), timeout=seconds)
    except TimeoutError as error:
        raise OSError(errno.ETIMEDOUT, "it does not answer") from error
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if context is None:
        return connection
    try:
        return context.wrap_socket(connection, server_hostname=name)
    except OSError:
        connection.close()
        raise
