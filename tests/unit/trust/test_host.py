"""Where this host's own certificates are: files of its tools, its store, a Mac's keychains."""

from __future__ import annotations

from pathlib import Path

import pytest

from dfdev.trust import host
from dfdev.trust.host import KEYCHAINS, ROOTS, Source, read, sources
from tests.fakes.commands import FakeCommands
from tests.trust.authority import make

ROOT = make("Example Corp Root CA")
SERVER = make("www", ROOT, ca=False, hosts=("www.example",))
ASK = "security find-certificate -a -p "


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "corp.pem"
    path.write_bytes(ROOT.pem)
    return path


def test_a_variable_that_names_a_file_counts_before_the_store(file: Path) -> None:
    first, *rest = sources({"NODE_EXTRA_CA_CERTS": str(file)}, "linux")
    assert first == Source(str(file), "NODE_EXTRA_CA_CERTS")
    assert [source.store for source in rest] == [True] * len(rest)
    assert str(first) == f"{file} (NODE_EXTRA_CA_CERTS)"


def test_a_file_that_several_name_counts_once_and_one_that_is_not_there_not_at_all(file: Path, tmp_path: Path) -> None:
    (tmp_path / "link.pem").symlink_to(file)
    environ = {
        "GIT_SSL_CAINFO": str(tmp_path / "link.pem"),
        "CURL_CA_BUNDLE": str(file),
        "PIP_CERT": str(tmp_path / "none"),
        "REQUESTS_CA_BUNDLE": str(tmp_path),
    }
    own = [source for source in sources(environ, "linux") if not source.store]
    assert own == [Source(str(file), "CURL_CA_BUNDLE")]


def test_what_openssl_is_told_stands_for_all(file: Path) -> None:
    assert sources({"SSL_CERT_FILE": str(file)}, "linux")[0].store


@pytest.mark.skipif(not any(Path(path).is_file() for path in host.STORES), reason="this host has no store")
def test_a_variable_that_names_the_hosts_store_is_still_the_store() -> None:
    (store,) = sources({}, "linux")
    assert store.store
    (named,) = sources({"NODE_EXTRA_CA_CERTS": store.path}, "linux")
    assert (named.why, named.store) == ("NODE_EXTRA_CA_CERTS", True)


def test_a_file_that_went_away_has_none(tmp_path: Path) -> None:
    assert read(Source(str(tmp_path / "none"), "x"), FakeCommands()) == ()


def test_a_mac_is_asked_for_its_keychains(tmp_path: Path) -> None:
    """Only files that there are count, and no keychain is here: the list itself is what is looked at."""
    own = host._own({"HOME": "/Users/me"}, "darwin")
    assert [source.path for source in own] == [ROOTS, KEYCHAINS[0], "/Users/me/Library/Keychains/login.keychain-db"]
    assert [source.store for source in own] == [True, False, False]
    assert all(source.keychain for source in own)


def test_of_a_persons_keychain_only_the_cas_count() -> None:
    commands = FakeCommands().on(ASK, out=(SERVER.pem + ROOT.pem).decode())
    assert read(Source("/login", "keychain", keychain=True), commands) == (ROOT.der,)
    assert read(Source(ROOTS, "keychain", keychain=True), commands) == (SERVER.der, ROOT.der)
    assert commands.lines == [f"{ASK}/login", f"{ASK}{ROOTS}"]


def test_a_keychain_that_does_not_answer_has_none() -> None:
    keychain = Source("/login", "keychain", keychain=True)
    assert read(keychain, FakeCommands().late(ASK)) == ()
    assert read(keychain, FakeCommands()) == ()
    assert read(keychain, FakeCommands().on(ASK, err="security: SecKeychainSearchCopyNext", code=44)) == ()
