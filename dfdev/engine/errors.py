"""Every failure of a call, told in our words: the one place that knows the errors of sockets, TLS, HTTP and the SDK.

The SDK lets the errors of requests and urllib3 through, and its own `APIError` is an `OSError`. All of them are
told apart by their chain of causes and by name, so that nothing heavy is imported here.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager

from dfdev.core.typed import typed
from dfdev.engine import hints
from dfdev.engine.endpoint import Endpoint
from dfdev.engine.ssh import SshEnded, failure, text_before_http
from dfdev.errors import (
    ClockRefused,
    Conflict,
    DfdevError,
    EngineAbsent,
    EngineDenied,
    EngineError,
    EngineHung,
    NotFound,
)


class CredentialsError(EngineError):
    """A credential helper does not answer for a registry's password."""


class ProtocolError(Exception):
    """What answers does not speak HTTP as an engine does."""


class NoHttp(ProtocolError):
    """Not even its first line is HTTP; `said` is that line."""

    def __init__(self, said: str) -> None:
        super().__init__(f"its answer is not HTTP: {said!r}")
        self.said = said


_FOREIGN = ("docker", "requests", "urllib3", "http", "paramiko")
_CREDENTIALS = ("StoreError", "CredentialsNotFound", "InitializationError")
_LATE = ("ReadTimeout", "ReadTimeoutError")
_UNREACHED = ("ConnectTimeout", "ConnectTimeoutError")
_PORT = r"port is already allocated|address already in use|ports are not available"
_FULL = r"no space left on device"
_NO_RANGE = r"non-overlapping IPv4 address pool|predefined address pools have been fully subnetted"
"""Engine 20.10's words, and those of 28."""
_IN_USE = r"has active endpoints"
_CAUSES = (
    (_FULL, "the engine's disk is full"),
    (_NO_RANGE, "the engine has no address range left for another network"),
    (_IN_USE, "other containers are in the network"),
)
ROOM = (
    "`docker system df` shows what takes the room, `docker image prune` and `docker builder prune` give some back"
    " (`docker system prune` takes a stopped database too)"
)
"""What to type when an engine's disk is full."""
_HINTS = (
    (
        _NO_RANGE,
        "`docker network prune` removes the networks that nothing uses; else give the engine more ranges:"
        " default-address-pools in its daemon.json",
    ),
    (
        _IN_USE,
        "`docker network inspect NETWORK` shows who is in it: `docker network disconnect NETWORK CONTAINER`,"
        " or stop that container",
    ),
    (_FULL, ROOM),
    (r"mounts denied|not shared from the host", "add the folder to the shared folders of your Docker product"),
    (r"bind source path does not exist", "create the folder; on a VM, share it with the VM first"),
    (r"client version .* is too old", "this engine is newer than this dfdev: upgrade dfdev"),
    (r"client version .* is too new", "this engine is older than what dfdev speaks: upgrade the engine"),
    (r"operation not permitted|permission denied", "see the engine's own log"),
)


@contextmanager
def translated(endpoint: Endpoint, doing: str, seconds: float) -> Iterator[None]:
    """Raise one of ours for whatever a call raises; `doing` says what was asked, `seconds` how long it had."""
    try:
        yield
    except DfdevError:
        raise
    except Exception as error:
        ours = explain(error, endpoint, doing, seconds)
        if ours is None:
            raise
        raise ours from error


def explain(error: BaseException, endpoint: Endpoint, doing: str, seconds: float) -> EngineError | None:
    """`None` for an error that is no failure of a call but a bug."""
    chain = list(_chain(error))
    for cause in chain:
        status = getattr(cause, "status_code", None)
        if isinstance(status, int) and hasattr(cause, "explanation"):
            return refusal(status, str(cause.explanation or cause), endpoint, doing)
    names = {type(cause).__name__ for cause in chain}
    if names.intersection(_CREDENTIALS):
        return _credentials(chain)
    if names.intersection(_LATE):
        return hung(endpoint, doing, seconds)
    if names.intersection(_UNREACHED):
        return _unreachable(endpoint, "it does not answer")
    for cause in reversed(chain):
        if isinstance(cause, OSError) and _tells(cause):
            return _from_socket(cause, endpoint, doing, seconds)
    if isinstance(error, ProtocolError) or type(error).__module__.split(".")[0] in _FOREIGN:
        return _no_engine(error, endpoint, doing)
    return None


def _no_engine(error: BaseException, endpoint: Endpoint, doing: str) -> EngineError:
    if isinstance(error, NoHttp) and endpoint.scheme == "ssh":
        return text_before_http(endpoint, error.said)
    return EngineError(f"{doing}: {error}", f"is {endpoint} an engine?")


def hung(endpoint: Endpoint, doing: str, seconds: float) -> EngineHung:
    return EngineHung(
        f"the engine at {endpoint} took the call and did not answer within {seconds:g} s ({doing})",
        hints.restart(endpoint),
    )


def refusal(status: int, text: str, endpoint: Endpoint, doing: str) -> EngineError:
    """An answer of the engine that is not a success, with its own words in one line."""
    text = " ".join(text.split()) or f"HTTP status {status}"
    if "HTTP request to an HTTPS server" in text:
        return EngineDenied(
            f"the engine at {endpoint} wants TLS",
            "set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH, or `docker context use`",
        )
    if re.search(_PORT, text, re.I):
        return Conflict(f"{doing}: {text}", "free the port, or choose another one under `ports`")
    kind = {404: NotFound, 409: Conflict}.get(status, EngineError)
    hint = next((h for pattern, h in _HINTS if re.search(pattern, text, re.I)), "")
    for pattern, cause in _CAUSES:
        if re.search(pattern, text, re.I):
            text = f"{cause}: {text}"
    return kind(f"{doing}: {text}", hint)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error, then its causes, then errors that it carries as arguments: outermost first, each once."""
    seen: set[int] = set()
    todo: list[object] = [error]
    while todo:
        cause = todo.pop(0)
        if isinstance(cause, BaseException) and id(cause) not in seen:
            seen.add(id(cause))
            yield cause
            todo += [cause.__cause__, cause.__context__, getattr(cause, "reason", None), *cause.args]


def _tells(error: OSError) -> bool:
    """Whether a socket or TLS raised it; requests' own errors are OSErrors without a number."""
    known = isinstance(error, SshEnded) or type(error).__module__ in ("builtins", "ssl", "socket")
    return error.errno is not None or known


def _from_socket(error: OSError, endpoint: Endpoint, doing: str, seconds: float) -> EngineError:
    if isinstance(error, SshEnded):
        return failure(endpoint, error)
    return _from_os_error(error, endpoint, doing, seconds)


def _from_os_error(error: OSError, endpoint: Endpoint, doing: str, seconds: float) -> EngineError:
    if type(error).__module__ == "ssl":
        return _tls(error, endpoint)
    if isinstance(error, TimeoutError) and error.errno is None:
        return hung(endpoint, doing, seconds)
    if error.errno == errno.EAGAIN:
        return hung(endpoint, doing, seconds)
    if type(error).__name__ == "gaierror":
        return _unreachable(endpoint, f"its name has no address ({error.strerror})")
    if error.errno in (errno.EACCES, errno.EPERM):
        return EngineDenied(f"no permission for the engine at {endpoint}", hints.permission(endpoint))
    if "AF_UNIX path too long" in str(error):
        return _too_long(endpoint)
    if error.errno == errno.ENOENT:
        return _unreachable(endpoint, "there is no such socket")
    if error.errno == errno.ECONNREFUSED:
        return _unreachable(endpoint, "nothing listens there")
    if isinstance(error, ConnectionError):
        return EngineAbsent(f"the engine at {endpoint} hung up ({doing})", hints.again(endpoint))
    return _unreachable(endpoint, error.strerror or str(error))


def _unreachable(endpoint: Endpoint, why: str) -> EngineAbsent:
    return EngineAbsent(f"no Docker engine at {endpoint}: {why}", hints.start(endpoint))


def _too_long(endpoint: Endpoint) -> EngineError:
    """Python refuses it before the system does: a socket's address has 108 bytes on Linux, 104 on a Mac."""
    length = len(os.fsencode(endpoint.path))
    return EngineError(
        f"the path of the engine's socket is too long for a socket, {length} bytes: {endpoint}",
        f"make a short link to it: `{typed('ln -s', endpoint.path)} /tmp/docker.sock`,"
        " then DOCKER_HOST=unix:///tmp/docker.sock",
    )


_CLOCKS = "`dfdev clock status` measures the machine's clock, `date` shows this one"
_X509_NOT_YET_VALID, _X509_EXPIRED = 9, 10
"""OpenSSL's X509_V_ERR_CERT_NOT_YET_VALID and X509_V_ERR_CERT_HAS_EXPIRED."""


def _tls(error: OSError, endpoint: Endpoint) -> EngineDenied:
    code = getattr(error, "verify_code", None)
    reason = getattr(error, "verify_message", "") or getattr(error, "reason", "") or str(error)
    if code == _X509_NOT_YET_VALID:
        return ClockRefused(
            f"the certificate of the engine at {endpoint} is not yet valid by this machine's clock",
            f"a clock is wrong, here or where the certificate was made: {_CLOCKS}",
        )
    if code == _X509_EXPIRED:
        return ClockRefused(
            f"the certificate of the engine at {endpoint} has expired by this machine's clock",
            f"{_CLOCKS}; if both are right, renew it (e.g. `docker-machine regenerate-certs`)",
        )
    if "CERTIFICATE_EXPIRED" in reason:
        return ClockRefused(
            f"the engine at {endpoint} takes our certificate for expired, or for not yet valid, by its own clock",
            f"{_CLOCKS}; if both are right, renew it (e.g. `docker-machine regenerate-certs`)",
        )
    if "BAD_CERTIFICATE" in reason:
        # All that Go before 1.21 says, whatever it has against a client's certificate (crypto/tls, handshake_server).
        return ClockRefused(
            f"the engine at {endpoint} does not take our certificate: not valid by its clock, or not of its authority",
            f"{_CLOCKS}; then check cert.pem and key.pem (DOCKER_CERT_PATH, or the docker context)",
        )
    if reason == "WRONG_VERSION_NUMBER":
        return EngineDenied(f"the engine at {endpoint} does not speak TLS", "unset DOCKER_TLS_VERIFY, or mend the port")
    return EngineDenied(
        f"the engine at {endpoint} and this machine do not accept each other's certificates: {reason}",
        "check ca.pem, cert.pem and key.pem (DOCKER_CERT_PATH, or the docker context)",
    )


def _credentials(chain: list[BaseException]) -> CredentialsError:
    said = next(str(cause) for cause in chain if type(cause).__name__ in _CREDENTIALS)
    helper = next(iter(re.findall(r"docker-credential-[\w-]+", said)), "the credential helper")
    return CredentialsError(
        f"no password for the registry from {helper}: {said}",
        "install that helper, or take `credsStore` and `credHelpers` out of ~/.docker/config.json",
    )
