"""TLS that fails because of a date, on either side: a clock is wrong, and everybody says so in other words."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dfdev.engine.endpoint import at
from dfdev.engine.wire import Wire
from dfdev.errors import ClockRefused, EngineDenied
from tests.contract.certificates import Authority

EARLY = ("20900101000000Z", "20991231000000Z")
LATE = ("20200101000000Z", "20210101000000Z")
NOW = ("", "20991231000000Z")
FOLDERS = {"good": NOW, "early": EARLY, "late": LATE}


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    authority = Authority(tmp_path_factory.mktemp("tls") / "ca")
    for name, (start, end) in FOLDERS.items():
        authority.issue(name, start=start, end=end)
    return authority


@contextmanager
def engine(folder: Path) -> Iterator[int]:
    """A port behind TLS that wants a certificate of the caller, and greets who has one."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    context.load_verify_locations(folder / "ca.pem")
    context.verify_mode = ssl.CERT_REQUIRED
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                plain, _ = listener.accept()
                with plain, contextlib.suppress(OSError), context.wrap_socket(plain, server_side=True) as connection:
                    connection.recv(4096)
                    connection.sendall(b"HTTP/1.1 200 OK\r\nApi-Version: 1.45\r\nContent-Length: 2\r\n\r\nOK")

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def pinged(server: Path, client: Path) -> None:
    with engine(server) as port:
        wire = Wire(at(f"tcp://127.0.0.1:{port}", "a test", str(client)), 5)
        try:
            wire.ping()
        finally:
            wire.close()


def test_both_valid(certificates: Authority) -> None:
    pinged(certificates.folder / "good", certificates.folder / "good")


@pytest.mark.parametrize(
    ("server", "client", "words"),
    [
        ("early", "good", "is not yet valid by this machine's clock"),
        ("late", "good", "has expired by this machine's clock"),
        ("good", "early", "our certificate"),  # OpenSSL says "bad certificate", as Go did before 1.21
        ("good", "late", "our certificate"),
    ],
)
def test_a_date_is_a_clock(certificates: Authority, server: str, client: str, words: str) -> None:
    """Also where the peer hangs up before anything is sent: what it said then is read."""
    with pytest.raises(ClockRefused, match=words) as error:
        pinged(certificates.folder / server, certificates.folder / client)
    assert "`date`" in error.value.hint
    assert error.value.code == 5


def test_another_authority_is_no_matter_of_clocks(certificates: Authority, tmp_path: Path) -> None:
    stranger = Authority(tmp_path / "ca").issue("client")
    with pytest.raises(EngineDenied) as error:
        pinged(certificates.folder / "good", stranger)
    assert not isinstance(error.value, ClockRefused)
