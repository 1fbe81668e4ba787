"""Which engine: the docker CLI's order, its context store, and the variables of the boot2docker era."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from dfdev.engine.endpoint import Endpoint, Tls, resolve
from dfdev.errors import EngineError


def context(home: Path, name: str, host: str, *, skip: bool = False, pems: tuple[str, ...] = ()) -> None:
    """As `docker context create` lays it out."""
    digest = hashlib.sha256(name.encode()).hexdigest()
    meta = home / ".docker" / "contexts" / "meta" / digest
    meta.mkdir(parents=True)
    docker = {"Host": host, "SkipTLSVerify": skip}
    (meta / "meta.json").write_text(json.dumps({"Name": name, "Metadata": {}, "Endpoints": {"docker": docker}}))
    for pem in pems:
        path = home / ".docker" / "contexts" / "tls" / digest / "docker" / f"{pem}.pem"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def current(home: Path, name: str) -> None:
    (home / ".docker").mkdir(exist_ok=True)
    (home / ".docker" / "config.json").write_text(json.dumps({"currentContext": name}))


def found(home: Path, **environ: str) -> tuple[str, str]:
    endpoint = resolve(environ, home)
    return endpoint.host, endpoint.source


def test_the_order_of_the_docker_cli(tmp_path: Path) -> None:
    default = ("unix:///var/run/docker.sock", "default socket")
    assert found(tmp_path) == default
    context(tmp_path, "colima", "unix:///home/me/.colima/default/docker.sock")
    context(tmp_path, "old", "tcp://192.168.99.100:2376")
    assert found(tmp_path) == default
    current(tmp_path, "colima")
    assert found(tmp_path) == (
        "unix:///home/me/.colima/default/docker.sock",
        "context colima (currentContext in config.json)",
    )
    assert found(tmp_path, DOCKER_CONTEXT="old") == ("tcp://192.168.99.100:2376", "context old (DOCKER_CONTEXT)")
    assert found(tmp_path, DOCKER_CONTEXT="old", DOCKER_HOST="unix:///x.sock") == ("unix:///x.sock", "DOCKER_HOST")


def test_the_default_context_is_the_default_socket(tmp_path: Path) -> None:
    current(tmp_path, "default")
    assert found(tmp_path)[1] == "default socket"
    current(tmp_path, "colima")
    assert found(tmp_path, DOCKER_CONTEXT="default")[1] == "default socket"


def test_docker_config_moves_the_folder(tmp_path: Path) -> None:
    context(tmp_path, "far", "ssh://me@far")
    moved = str(tmp_path / ".docker")
    assert found(Path("/nonexistent"), DOCKER_CONFIG=moved, DOCKER_CONTEXT="far")[0] == "ssh://me@far"


def test_home_comes_from_the_environment(tmp_path: Path) -> None:
    context(tmp_path, "far", "ssh://me@far")
    assert resolve({"HOME": str(tmp_path), "DOCKER_CONTEXT": "far"}).host == "ssh://me@far"


def test_an_unknown_context_names_the_known_ones(tmp_path: Path) -> None:
    context(tmp_path, "colima", "unix:///x")
    context(tmp_path, "orbstack", "unix:///y")
    with pytest.raises(EngineError) as caught:
        found(tmp_path, DOCKER_CONTEXT="colma")
    assert caught.value.message == (
        'no docker context is called "colma" (DOCKER_CONTEXT); there are: default, colima, orbstack'
    )
    current(tmp_path, "gone")
    with pytest.raises(EngineError):
        found(tmp_path)


@pytest.mark.parametrize("text", ["{", "[]", '"x"', "\xff"])
def test_a_broken_config_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / ".docker").mkdir()
    (tmp_path / ".docker" / "config.json").write_text(text, encoding="latin-1")
    with pytest.raises(EngineError) as caught:
        found(tmp_path)
    assert str(tmp_path / ".docker" / "config.json") in caught.value.message
    assert found(tmp_path, DOCKER_HOST="unix:///x")[0] == "unix:///x"


def test_an_empty_config_is_none(tmp_path: Path) -> None:
    (tmp_path / ".docker").mkdir()
    (tmp_path / ".docker" / "config.json").write_text("")
    assert found(tmp_path)[1] == "default socket"


def test_a_config_that_is_a_folder(tmp_path: Path) -> None:
    (tmp_path / ".docker" / "config.json").mkdir(parents=True)
    with pytest.raises(EngineError):
        found(tmp_path)


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("tcp://10.0.0.1:2375", "tcp://10.0.0.1:2375"),
        ("10.0.0.1:2375", "tcp://10.0.0.1:2375"),
        (" unix:///run/docker.sock ", "unix:///run/docker.sock"),
        ("tcp://[::1]:2375", "tcp://[::1]:2375"),
    ],
)
def test_forms_of_docker_host(tmp_path: Path, host: str, url: str) -> None:
    assert found(tmp_path, DOCKER_HOST=host)[0] == url


@pytest.mark.parametrize("host", ["npipe:////./pipe/docker", "http://x", "tcp://", "unix://", "tcp://host:port"])
def test_no_address_of_an_engine(tmp_path: Path, host: str) -> None:
    with pytest.raises(EngineError) as caught:
        found(tmp_path, DOCKER_HOST=host)
    assert "DOCKER_HOST" in caught.value.message


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("unix:///var/run/docker.sock", "127.0.0.1"),
        ("tcp://localhost:2375", "127.0.0.1"),
        ("tcp://[::1]:2375", "127.0.0.1"),
        ("tcp://192.168.59.103:2376", "192.168.59.103"),
        ("tcp://[fe80::1]:2376", "fe80::1"),
        ("ssh://me@far.example:22", "far.example"),
    ],
)
def test_where_published_ports_are(host: str, address: str) -> None:
    assert Endpoint(host, "").address == address


def test_the_port_defaults_by_tls() -> None:
    assert Endpoint("tcp://vm", "").name_and_port == ("vm", 2375)
    assert Endpoint("tcp://vm", "", Tls("/certs")).name_and_port == ("vm", 2376)
    assert Endpoint("tcp://[::1]:99", "").name_and_port == ("::1", 99)


def test_tls_of_the_boot2docker_era(tmp_path: Path) -> None:
    for name in ("ca", "cert", "key"):
        (tmp_path / f"{name}.pem").touch()
    environ = {"DOCKER_HOST": "tcp://vm:2376", "DOCKER_CERT_PATH": str(tmp_path)}
    assert resolve(environ, tmp_path).tls is None
    verified = resolve({**environ, "DOCKER_TLS_VERIFY": "1"}, tmp_path).tls
    assert verified == Tls(
        str(tmp_path), str(tmp_path / "ca.pem"), str(tmp_path / "cert.pem"), str(tmp_path / "key.pem"), True
    )
    lax = resolve({**environ, "DOCKER_TLS": "1"}, tmp_path).tls
    assert lax is not None
    assert not lax.verify


def test_certificates_default_to_the_docker_folder(tmp_path: Path) -> None:
    (tmp_path / ".docker").mkdir()
    (tmp_path / ".docker" / "ca.pem").touch()
    tls = resolve({"DOCKER_HOST": "tcp://vm:2376", "DOCKER_TLS_VERIFY": "1"}, tmp_path).tls
    assert tls == Tls(str(tmp_path / ".docker"), str(tmp_path / ".docker" / "ca.pem"))


def test_a_missing_authority_is_named(tmp_path: Path) -> None:
    with pytest.raises(EngineError) as caught:
        resolve({"DOCKER_HOST": "tcp://vm:2376", "DOCKER_TLS_VERIFY": "1"}, tmp_path)
    assert "ca.pem" in caught.value.message
    assert "DOCKER_CERT_PATH" in caught.value.hint


def test_a_unix_socket_has_no_tls(tmp_path: Path) -> None:
    assert resolve({"DOCKER_HOST": "unix:///x", "DOCKER_TLS_VERIFY": "1"}, tmp_path).tls is None


def test_tls_of_a_context(tmp_path: Path) -> None:
    context(tmp_path, "vm", "tcp://vm:2376", pems=("ca", "cert", "key"))
    context(tmp_path, "lax", "tcp://vm:2376", skip=True, pems=("cert", "key"))
    context(tmp_path, "plain", "tcp://vm:2375")
    vm = resolve({"DOCKER_CONTEXT": "vm"}, tmp_path).tls
    assert vm is not None
    assert (vm.verify, Path(vm.ca or "").name, Path(vm.key or "").name) == (True, "ca.pem", "key.pem")
    lax = resolve({"DOCKER_CONTEXT": "lax"}, tmp_path).tls
    assert lax is not None
    assert not lax.verify
    assert resolve({"DOCKER_CONTEXT": "plain"}, tmp_path).tls is None


def test_a_child_docker_talks_to_the_same_engine() -> None:
    plain = Endpoint("unix:///x", "default socket").docker_environ()
    assert plain["DOCKER_HOST"] == "unix:///x"
    assert (plain["DOCKER_CONTEXT"], plain["DOCKER_TLS_VERIFY"], plain["DOCKER_CERT_PATH"]) == ("", "", "")
    secure = Endpoint("tcp://vm:2376", "", Tls("/certs", verify=True)).docker_environ()
    assert (secure["DOCKER_TLS_VERIFY"], secure["DOCKER_TLS"], secure["DOCKER_CERT_PATH"]) == ("1", "", "/certs")
    lax = Endpoint("tcp://vm:2376", "", Tls("/certs", verify=False)).docker_environ()
    assert (lax["DOCKER_TLS_VERIFY"], lax["DOCKER_TLS"]) == ("", "1")
