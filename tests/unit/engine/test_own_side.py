"""What goes wrong on this side of the wire: the socket's path, docker's own files, the certificates."""

from __future__ import annotations

from pathlib import Path

import pytest

from dfdev.engine.dial import dial, tls_context
from dfdev.engine.endpoint import Endpoint, Tls, resolve
from dfdev.engine.wire import Wire
from dfdev.errors import EngineDenied, EngineError
from tests.contract.certificates import Authority
from tests.unit.workspace.support import locked


@pytest.fixture(scope="module")
def pems(tmp_path_factory: pytest.TempPathFactory) -> Path:
    authority = Authority(tmp_path_factory.mktemp("tls") / "ca")
    authority.issue("good")
    authority.issue("other")
    return authority.folder


def test_a_socket_s_path_that_is_too_long(tmp_path: Path) -> None:
    endpoint = Endpoint(f"unix:///{'very/long/' * 12}docker.sock", "DOCKER_HOST")
    with pytest.raises(EngineError) as caught:
        Wire(endpoint, 1).ping()
    said, tried = caught.value.message, caught.value.hint
    assert "too long for a socket, 132 bytes" in said and "(DOCKER_HOST)" in said
    assert f"ln -s {endpoint.path} /tmp/docker.sock" in tried and "DOCKER_HOST=unix:///tmp/docker.sock" in tried


@pytest.mark.parametrize("text", ["{", "[]", "\udcff", "[" * 100_000])
def test_a_config_json_that_is_broken(tmp_path: Path, text: str) -> None:
    file = tmp_path / "config.json"
    file.write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(EngineError) as caught:
        resolve({"DOCKER_CONFIG": str(tmp_path)}, tmp_path)
    assert str(file) in caught.value.message and f"mv {file} {file}.broken" in caught.value.hint


def test_a_config_json_that_may_not_be_read(tmp_path: Path) -> None:
    file = tmp_path / "config.json"
    file.write_text("{}")
    with locked(file), pytest.raises(EngineError) as caught:
        resolve({"DOCKER_CONFIG": str(tmp_path)}, tmp_path)
    assert caught.value.message == f"cannot read {file}: Permission denied"
    assert f"chown $(id -u) {file}" in caught.value.hint


def test_a_config_json_that_is_a_folder(tmp_path: Path) -> None:
    (tmp_path / "config.json").mkdir()
    with pytest.raises(EngineError) as caught:
        resolve({"DOCKER_CONFIG": str(tmp_path)}, tmp_path)
    assert "Is a directory" in caught.value.message and "ls -ld" in caught.value.hint


def environ(folder: Path, **more: str) -> dict[str, str]:
    return {"DOCKER_HOST": "tcp://vm:2376", "DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": str(folder), **more}


def test_a_folder_of_certificates_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(EngineError) as caught:
        resolve(environ(tmp_path / "gone"), tmp_path)
    assert caught.value.message == f"DOCKER_CERT_PATH names {tmp_path}/gone, and there is no such folder"


def test_a_folder_of_certificates_that_may_not_be_entered(tmp_path: Path) -> None:
    folder = tmp_path / "certs"
    folder.mkdir()
    with locked(folder), pytest.raises(EngineError) as caught:
        resolve(environ(folder), tmp_path)
    assert f"cannot look for {folder}/ca.pem: Permission denied" in caught.value.message
    assert f"ls -ld {folder}" in caught.value.hint


@pytest.mark.parametrize(("there", "missing"), [("cert", "key"), ("key", "cert")])
def test_half_a_pair(tmp_path: Path, there: str, missing: str) -> None:
    for name in ("ca", there):
        (tmp_path / f"{name}.pem").touch()
    with pytest.raises(EngineError) as caught:
        resolve(environ(tmp_path), tmp_path)
    assert f"has a {there}.pem and no {missing}.pem" in caught.value.message


def tls(folder: Path, **others: Path) -> Tls:
    files = {name: str(others.get(name, folder / f"{name}.pem")) for name in ("ca", "cert", "key")}
    return Tls(str(folder), files["ca"], files["cert"], files["key"])


def test_files_that_are_no_pem(pems: Path, tmp_path: Path) -> None:
    none = tmp_path / "none.pem"
    none.write_text("not PEM at all")
    good = pems / "good"
    assert tls_context(tls(good))
    for name, said in (("ca", f"{none}: no certificate in PEM"), ("cert", "no certificate and key in PEM"),
                       ("key", "no certificate and key in PEM")):  # fmt: skip
        with pytest.raises(EngineDenied) as caught:
            tls_context(tls(good, **{name: none}))
        assert said in caught.value.message and str(none) in caught.value.message
        assert "regenerate-certs" in caught.value.hint


def test_the_key_of_another_certificate(pems: Path) -> None:
    with pytest.raises(EngineDenied) as caught:
        tls_context(tls(pems / "good", key=pems / "other" / "key.pem"))
    assert "the key is not that of the certificate" in caught.value.message


@pytest.mark.parametrize("name", ["ca", "key"])
def test_a_file_that_may_not_be_read(pems: Path, tmp_path: Path, name: str) -> None:
    copied = {one: tmp_path / f"{one}.pem" for one in ("ca", "cert", "key")}
    for one, path in copied.items():
        path.write_bytes((pems / "good" / f"{one}.pem").read_bytes())
        path.chmod(0o644)
    with locked(copied[name]), pytest.raises(EngineDenied) as caught:
        tls_context(tls(tmp_path))
    assert caught.value.message == f"cannot read {copied[name]}: Permission denied"
    assert caught.value.hint == f"`ls -l {copied[name]}` shows whose it is"


def test_a_key_with_a_pass_phrase_asks_nobody(pems: Path, tmp_path: Path) -> None:
    import subprocess

    closed = tmp_path / "key.pem"
    plain = pems / "good" / "key.pem"
    subprocess.run(
        ["openssl", "pkey", "-in", str(plain), "-aes256", "-passout", "pass:x", "-out", str(closed)], check=True
    )
    with pytest.raises(EngineDenied) as caught:
        tls_context(tls(pems / "good", key=closed))
    assert "has a pass phrase" in caught.value.message and "openssl pkey" in caught.value.hint


def test_it_is_said_as_it_is_by_a_call_too(pems: Path, tmp_path: Path) -> None:
    """Not as a failure to reach the engine."""
    import socket

    none = tmp_path / "none.pem"
    none.write_text("x")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        endpoint = Endpoint(f"tcp://127.0.0.1:{port}", "DOCKER_HOST", tls(pems / "good", ca=none))
        with pytest.raises(EngineDenied, match="no certificate in PEM"):
            Wire(endpoint, 2).ping()
        with pytest.raises(EngineDenied, match="no certificate in PEM"):
            dial(endpoint, 2)
