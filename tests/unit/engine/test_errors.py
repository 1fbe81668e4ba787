"""Errors of sockets, TLS, the SDK and what it stands on: each becomes one of ours."""

from __future__ import annotations

import socket
import ssl

import pytest
import requests
import urllib3
from docker.credentials.errors import StoreError
from docker.errors import APIError, DockerException
from docker.errors import NotFound as DockerNotFound

from dfdev.engine.endpoint import Endpoint
from dfdev.engine.errors import explain, refusal, translated
from dfdev.errors import (
    ConfigError,
    Conflict,
    EngineAbsent,
    EngineDenied,
    EngineError,
    EngineHung,
    NotFound,
)

ENDPOINT = Endpoint("unix:///var/run/docker.sock", "default socket")


def response(status: int) -> requests.Response:
    made = requests.Response()
    made.status_code = status
    return made


def wrapped(cause: Exception) -> Exception:
    """As requests gives it: a ProtocolError of urllib3 in a ConnectionError of its own."""
    return requests.exceptions.ConnectionError(urllib3.exceptions.ProtocolError("Connection aborted.", cause))


POOL = urllib3.HTTPConnectionPool("localhost")


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (FileNotFoundError(2, "No such file"), EngineAbsent),
        (ConnectionRefusedError(111, "refused"), EngineAbsent),
        (ConnectionResetError(104, "reset"), EngineAbsent),
        (BrokenPipeError(32, "pipe"), EngineAbsent),
        (socket.gaierror(-2, "Name or service not known"), EngineAbsent),
        (OSError(113, "No route to host"), EngineAbsent),
        (OSError(110, "timed out"), EngineAbsent),
        (TimeoutError(), EngineHung),
        (BlockingIOError(11, "try again"), EngineHung),
        (PermissionError(13, "denied"), EngineDenied),
        (ssl.SSLError(1, "alert"), EngineDenied),
        (wrapped(FileNotFoundError(2, "No such file")), EngineAbsent),
        (wrapped(PermissionError(13, "denied")), EngineDenied),
        (requests.exceptions.ReadTimeout(urllib3.exceptions.ReadTimeoutError(POOL, "/", "late")), EngineHung),
        (urllib3.exceptions.ReadTimeoutError(POOL, "/", "late"), EngineHung),
        (requests.exceptions.ConnectTimeout("late"), EngineAbsent),
        (requests.exceptions.SSLError(ssl.SSLError(1, "bad")), EngineDenied),
        (APIError("x", response(500), "it broke"), EngineError),
        (APIError("x", response(409), "in use"), Conflict),
        (DockerNotFound("x", response(404), "no such thing"), NotFound),
        (DockerException("odd"), EngineError),
        (requests.exceptions.InvalidURL("odd"), EngineError),
    ],
)
def test_every_family(error: Exception, kind: type[EngineError]) -> None:
    with pytest.raises(EngineError) as caught, translated(ENDPOINT, "asking", 3):
        raise error
    assert type(caught.value) is kind
    assert caught.value.__cause__ is error
    assert caught.value.hint or kind in (EngineError, Conflict, NotFound)


def test_ours_pass_and_bugs_pass() -> None:
    with pytest.raises(ConfigError), translated(ENDPOINT, "asking", 3):
        raise ConfigError("mine")
    with pytest.raises(ZeroDivisionError), translated(ENDPOINT, "asking", 3):
        raise ZeroDivisionError
    with pytest.raises(KeyboardInterrupt), translated(ENDPOINT, "asking", 3):
        raise KeyboardInterrupt


def test_an_error_of_the_sdk_is_not_taken_for_a_socket() -> None:
    """`APIError` is an `OSError`."""
    found = explain(APIError("x", response(500), "driver failed"), ENDPOINT, "starting www", 3)
    assert found is not None
    assert found.message == "starting www: driver failed"


def test_a_credential_helper_that_is_missing_is_named() -> None:
    try:
        try:
            raise StoreError("docker-credential-osxkeychain not installed or not available in PATH")
        except StoreError as error:
            raise DockerException(f"Credentials store error: {error!r}") from error
    except DockerException as error:
        found = explain(error, ENDPOINT, "pulling x", 3)
    assert found is not None
    assert "from docker-credential-osxkeychain: " in found.message
    assert "credsStore" in found.hint


@pytest.mark.parametrize(
    ("text", "kind", "hint"),
    [
        ("Bind for 127.0.0.1:8000 failed: port is already allocated", Conflict, "free the port"),
        ("listen tcp4 127.0.0.1:8000: bind: address already in use", Conflict, "free the port"),
        ("Ports are not available: exposing port TCP 127.0.0.1:8000", Conflict, "free the port"),
        ("write /var/lib/docker/tmp: no space left on device", EngineError, "docker system prune"),
        ("Mounts denied: \nThe path /opt/x is not shared from the host", EngineError, "shared folders"),
        ("invalid mount config for type bind: bind source path does not exist: /x", EngineError, "create the folder"),
        ("client version 1.45 is too old. Minimum supported API version is 1.50", EngineError, "upgrade dfdev"),
        ("Client sent an HTTP request to an HTTPS server.", EngineDenied, "DOCKER_TLS_VERIFY"),
        (
            "could not find an available, non-overlapping IPv4 address pool among the defaults",
            EngineError,
            "docker network prune",
        ),
        ("all predefined address pools have been fully subnetted", EngineError, "default-address-pools"),
        ("error while removing network: network x id 1 has active endpoints", EngineError, "docker network disconnect"),
    ],
)
def test_answers_with_a_hint_of_their_own(text: str, kind: type[EngineError], hint: str) -> None:
    found = refusal(500, text, ENDPOINT, "starting www")
    assert type(found) is kind
    assert hint in found.hint
    assert "\n" not in found.message


def certificate_error(code: int) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_code, error.verify_message = code, "says OpenSSL"
    return error


def test_a_certificate_and_the_clock() -> None:
    early = explain(certificate_error(9), ENDPOINT, "asking", 3)
    late = explain(certificate_error(10), ENDPOINT, "asking", 3)
    other = explain(certificate_error(20), ENDPOINT, "asking", 3)
    assert early is not None
    assert late is not None
    assert other is not None
    assert "not yet valid" in early.message
    assert "clock" in early.hint
    assert "has expired" in late.message
    assert "says OpenSSL" in other.message
