"""One bundle of all that is trusted in, and how little it costs when nothing changed."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

import pytest

from dfdev.trust.added import add, remove
from dfdev.trust.bundle import Bundle, bundle
from dfdev.trust.pem import ders_in
from dfdev.trust.variables import PATH, apt_conf, container_env
from tests.fakes.commands import FakeCommands
from tests.trust.authority import NOW, make

ROOT = make("Example Corp Root CA")
PUBLIC = make("Public Root CA")
OTHER = make("Other Root CA")


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """A host whose OpenSSL is told of a store with one public CA."""
    (tmp_path / "store.pem").write_bytes(b"# Public Root CA\n" + PUBLIC.pem)
    return {"HOME": str(tmp_path / "home"), "SSL_CERT_FILE": str(tmp_path / "store.pem")}


def made(environ: dict[str, str]) -> Bundle:
    """On a kind of host that has neither of our stores."""
    return bundle(environ, FakeCommands(environ), "darwin")


def give(environ: dict[str, str], tmp_path: Path, pem: bytes) -> None:
    (tmp_path / "given.pem").write_bytes(pem)
    add(environ, tmp_path / "given.pem", NOW.timestamp())


def test_it_has_what_the_host_has_and_what_was_added_each_once(environ: dict[str, str], tmp_path: Path) -> None:
    give(environ, tmp_path, ROOT.pem + PUBLIC.pem)
    found = made(environ)
    assert ders_in(found.pem) == (PUBLIC.der, ROOT.der)
    assert found.digest == hashlib.sha256(found.pem).hexdigest()
    assert found.added == ("example-corp-root-ca",)
    assert found.source == f"{tmp_path}/store.pem (SSL_CERT_FILE)"
    assert found.whole and found.needed


def test_it_follows_what_changes_and_is_the_same_while_nothing_does(environ: dict[str, str], tmp_path: Path) -> None:
    first = made(environ)
    assert made(environ) == first
    give(environ, tmp_path, ROOT.pem)
    second = made(environ)
    assert ROOT.der in ders_in(second.pem) and second.digest != first.digest
    remove(environ, "example-corp-root-ca")
    assert made(environ) == first
    (tmp_path / "store.pem").write_bytes(OTHER.pem)
    assert ders_in(made(environ).pem) == (OTHER.der,)
    assert ders_in(made(environ | {"SSL_CERT_FILE": ""}).pem) == ()


def test_a_second_one_reads_what_the_first_has_kept(environ: dict[str, str], tmp_path: Path) -> None:
    first = made(environ)
    stat = (tmp_path / "store.pem").stat()
    (tmp_path / "store.pem").write_bytes(b"x" * stat.st_size)
    os.utime(tmp_path / "store.pem", ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert made(environ) == first


@pytest.mark.parametrize("content", [b"", b"not json\n", b"[]\n", b'{"key": 1}\n', b"\xff\xfe\n"])
def test_what_is_kept_and_damaged_is_made_again(environ: dict[str, str], tmp_path: Path, content: bytes) -> None:
    first = made(environ)
    (kept,) = (tmp_path / "home/.local/state/dfdev").iterdir()
    kept.write_bytes(content)
    assert made(environ) == first
    assert kept.read_bytes() != content


def test_it_can_do_without_a_place_to_keep_it(environ: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file")
    assert ders_in(made(environ).pem) == (PUBLIC.der,)
    del environ["HOME"]
    assert ders_in(made(environ).pem) == (PUBLIC.der,)


def test_nothing_at_all_is_no_error(tmp_path: Path) -> None:
    found = made({"HOME": str(tmp_path)})
    assert (found.pem, found.added, found.source, found.whole, found.needed) == (
        b"", (), "nothing was found", False, False,
    )  # fmt: skip
    assert container_env(found) == {} and apt_conf(found) == b""


def test_with_the_public_ones_every_tool_is_told(environ: dict[str, str]) -> None:
    env = container_env(made(environ))
    assert set(env.values()) == {PATH}
    assert set(env) == {
        "NODE_EXTRA_CA_CERTS", "npm_config_cafile", "GIT_SSL_CAINFO", "bower_ca", "PIP_CERT", "REQUESTS_CA_BUNDLE",
        "SSL_CERT_FILE", "CURL_CA_BUNDLE",
    }  # fmt: skip
    assert apt_conf(made(environ)) == b'Acquire::https::CAInfo "/etc/dfdev/ca.pem";\n'


def test_without_them_only_those_who_add_are_told(tmp_path: Path) -> None:
    """Or else a container would trust in nothing but the company."""
    environ = {"HOME": str(tmp_path / "home"), "NODE_EXTRA_CA_CERTS": str(tmp_path / "corp.pem")}
    (tmp_path / "corp.pem").write_bytes(ROOT.pem)
    found = made(environ)
    assert not found.whole and found.needed
    assert container_env(found) == {"NODE_EXTRA_CA_CERTS": PATH}
    assert apt_conf(found) == b""


def test_a_warm_one_takes_less_than_two_milliseconds(environ: dict[str, str], tmp_path: Path) -> None:
    """Of a store as big as Debian's."""
    many = b"".join(make(f"Public Root CA {number}").pem for number in range(150))
    (tmp_path / "store.pem").write_bytes(many + b"#" * 100_000)
    made(environ)
    spans = []
    for _ in range(10):
        began = time.perf_counter()
        made(environ)
        spans.append(time.perf_counter() - began)
    assert min(spans) < 0.002
