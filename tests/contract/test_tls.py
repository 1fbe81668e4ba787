"""Engines behind TLS, as docker-machine and boot2docker set them up: a real daemon, certificates made here."""

from __future__ import annotations

import hashlib
import shutil
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from dfdev.core.desired import Service
from dfdev.engine.client import connect
from dfdev.engine.endpoint import resolve
from dfdev.engine.open import OpenEngine, open_engine
from dfdev.engine.protocol import NO_NETWORK, ContainerSpec
from dfdev.errors import EngineDenied, EngineError, NotFound
from tests import machine
from tests.contract.certificates import Authority
from tests.contract.forward import forwarded
from tests.contract.rig import FOREVER, IMAGE, provided
from tests.contract.talk import until_ended
from tests.machine.layout import Layout

pytestmark = pytest.mark.engine


@dataclass(frozen=True)
class Secure:
    daemon: machine.Engine
    authority: Authority
    port: int
    server: Path
    client: Path
    early: Path
    """A certificate for the server that is valid from 2090 on."""


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secure]:
    authority = Authority(tmp_path_factory.mktemp("tls") / "ca")
    server, client = authority.issue("server"), authority.issue("client")
    early = authority.issue("early", start="20900101000000Z")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    layout = Layout(machine.default_cache(), "28", "contract-tls")
    settings = {
        "hosts": [f"unix://{layout.socket}", f"tcp://127.0.0.1:{port}"],
        "tlsverify": True,
        "tlscacert": str(server / "ca.pem"),
        "tlscert": str(server / "cert.pem"),
        "tlskey": str(server / "key.pem"),
    }
    daemon = machine.start("28", name="contract-tls", settings=settings)
    yield Secure(daemon, authority, port, server, client, early)
    daemon.destroy()


def opened(port: int, folder: Path | None, **environ: str) -> OpenEngine:
    names = {"DOCKER_HOST": f"tcp://127.0.0.1:{port}", **environ}
    if folder is not None:
        names |= {"DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": str(folder)}
    return open_engine(resolve(names, Path("/nonexistent")), {}, 5)


def refused(engine: OpenEngine) -> EngineDenied:
    """Both halves of the adapter say the same."""
    with pytest.raises(EngineDenied) as caught:
        engine.info()
    engine.close()
    return caught.value


def test_looking_and_acting(secure: Secure) -> None:
    engine = opened(secure.port, secure.client)
    assert engine.info().version.startswith("28.")
    network = engine.create_network("tls", {})
    assert [n.id for n in engine.networks("tls")] == [network]
    engine.remove_network(network)
    with pytest.raises(NotFound):
        engine.pull("127.0.0.1:1/nosuch:1", lambda _: None)
    engine.close()


def test_a_stream_both_ways(secure: Secure, busybox_tar: Path) -> None:
    """The end of the input is told by the connection below TLS, which goes on in the other direction."""
    engine = opened(secure.port, secure.client)
    provided(engine, busybox_tar)
    spec = ContainerSpec("tls-pipe", Service("pipe", IMAGE, command=FOREVER), NO_NETWORK, {})
    id = engine.create(spec)
    engine.start(id)
    data, came = bytes(range(256)) * 4096 * 16, hashlib.sha256()
    found = engine.pipe(id, ["sh", "-c", "cat; echo ended >&2; exit 3"], feed=[data], take=came.update)
    assert (found.exit_code, found.output) == (3, "ended\n")
    assert came.hexdigest() == hashlib.sha256(data).hexdigest()
    with engine.session(id, ["cat"]) as session:
        session.send(data)
        session.close_input()
        assert hashlib.sha256(until_ended(session).out).digest() == hashlib.sha256(data).digest()
    engine.remove(id)
    engine.close()


def test_without_verifying(secure: Secure) -> None:
    environ = {"DOCKER_TLS": "1", "DOCKER_CERT_PATH": str(secure.client)}
    engine = opened(secure.port, None, **environ)
    assert engine.info().version.startswith("28.")
    network = engine.create_network("tls", {})
    engine.remove_network(network)
    with pytest.raises(NotFound):
        engine.pull("127.0.0.1:1/nosuch:1", lambda _: None)
    engine.close()


def test_another_authority(secure: Secure, tmp_path: Path) -> None:
    stranger = Authority(tmp_path / "ca").issue("client")
    assert "DOCKER_CERT_PATH" in refused(opened(secure.port, stranger)).hint


def test_the_sdk_with_another_authority(secure: Secure, tmp_path: Path) -> None:
    stranger = Authority(tmp_path / "ca").issue("client")
    environ = {
        "DOCKER_HOST": f"tcp://127.0.0.1:{secure.port}",
        "DOCKER_TLS_VERIFY": "1",
        "DOCKER_CERT_PATH": str(stranger),
    }
    client = connect(resolve(environ), "1.45", 5)
    with pytest.raises(EngineDenied), client.patient("listing", 5):
        client.networks()
    client.close()


def test_a_client_certificate_that_is_missing(secure: Secure, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_bytes((secure.client / "ca.pem").read_bytes())
    refused(opened(secure.port, tmp_path))


def test_a_client_certificate_of_somebody_else(secure: Secure, tmp_path: Path) -> None:
    stranger = Authority(tmp_path / "ca").issue("client")
    shutil.copy(secure.client / "ca.pem", stranger / "ca.pem")
    refused(opened(secure.port, stranger))


def test_plain_http_to_an_engine_that_wants_tls(secure: Secure) -> None:
    error = refused(opened(secure.port, None))
    assert "wants TLS" in error.message
    assert "DOCKER_TLS_VERIFY" in error.hint


def test_tls_to_an_engine_that_has_none(secure: Secure) -> None:
    with forwarded(secure.daemon.host.removeprefix("unix://")) as port:
        assert "does not speak TLS" in refused(opened(port, secure.client)).message


def test_a_context_with_its_own_certificates(secure: Secure, tmp_path: Path) -> None:
    """Made by the docker CLI itself, so that its layout on disk is the real one."""
    files = ",".join(f"{part}={secure.client}/{part}.pem" for part in ("ca", "cert", "key"))
    create = [secure.daemon.docker, "context", "create", "old-vm", "--docker"]
    subprocess.run(
        [*create, f"host=tcp://127.0.0.1:{secure.port},{files}"],
        env={"DOCKER_CONFIG": str(tmp_path), "PATH": "/usr/bin:/bin"},
        check=True,
        capture_output=True,
    )
    endpoint = resolve({"DOCKER_CONFIG": str(tmp_path), "DOCKER_CONTEXT": "old-vm"})
    assert endpoint.source == "context old-vm (DOCKER_CONTEXT)"
    engine = open_engine(endpoint, {})
    assert engine.info().version.startswith("28.")
    engine.close()
    said = subprocess.run(
        [secure.daemon.docker, "version", "--format", "{{.Server.Version}}"],
        env={"DOCKER_CONFIG": str(tmp_path / "none"), "PATH": "/usr/bin:/bin", **endpoint.docker_environ()},
        check=True,
        capture_output=True,
        text=True,
    )
    assert said.stdout.startswith("28.")


def test_a_certificate_that_is_not_yet_valid_names_the_clock(secure: Secure) -> None:
    """After a sleep a VM's clock is behind, or it makes its certificates with a clock that is ahead."""
    for part in ("cert.pem", "key.pem"):
        shutil.copy(secure.early / part, secure.server / part)
    secure.daemon.restart()
    error = refused(opened(secure.port, secure.client))
    assert "not yet valid" in error.message
    assert "date" in error.hint


def test_a_missing_authority_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(EngineError) as caught:
        opened(2376, tmp_path)
    assert str(tmp_path / "ca.pem") in caught.value.message
