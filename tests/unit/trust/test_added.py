"""The folder of certificates that somebody added."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from dfdev.errors import ConfigError, UsageError
from dfdev.trust.added import Added, add, added_pem, files, folder, kept, must_be_there, remove
from dfdev.trust.pem import ders_in
from tests.trust.authority import NOW, Made, make

ROOT = make("Example Corp Root CA")
PROXY = make("Example Corp Proxy CA", ROOT)
SERVER = make("www", PROXY, ca=False, hosts=("www.example",))


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {"HOME": str(tmp_path / "home")}


@pytest.fixture
def give(environ: dict[str, str], tmp_path: Path) -> Giver:
    return Giver(environ, tmp_path)


class Giver:
    def __init__(self, environ: dict[str, str], where: Path) -> None:
        self.environ = environ
        self.where = where

    def __call__(self, *what: Made | bytes, name: str = "given.crt") -> Added:
        path = self.where / name
        path.write_bytes(b"".join(w if isinstance(w, bytes) else w.pem for w in what))
        return add(self.environ, path, NOW.timestamp())


def test_it_is_kept_as_pem_by_its_name(give: Giver) -> None:
    done = give(ROOT.der)
    assert (done.kept.name, done.new, done.warnings) == ("example-corp-root-ca", True, ())
    (path,) = files(give.environ)
    assert path == Path(give.environ["HOME"]) / ".config/dfdev/ca/example-corp-root-ca.pem"
    assert path.read_bytes() == ROOT.pem == added_pem(give.environ)
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_the_users_own_configuration_folder_counts(tmp_path: Path) -> None:
    assert folder({"XDG_CONFIG_HOME": str(tmp_path), "HOME": "/nowhere"}) == tmp_path / "dfdev" / "ca"


def test_the_same_again_is_success_and_changes_nothing(give: Giver) -> None:
    give(ROOT, PROXY)
    before = files(give.environ)[0].stat().st_mtime_ns
    again = give(ROOT.der)
    assert (again.new, again.kept.name) == (False, "example-corp-root-ca")
    assert [path.stat().st_mtime_ns for path in files(give.environ)] == [before]


def test_one_that_was_renewed_stands_beside_the_old_one(give: Giver) -> None:
    give(ROOT)
    assert give(make("Example Corp Root CA")).kept.name == "example-corp-root-ca-2"
    assert give(make("Example Corp Root CA")).kept.name == "example-corp-root-ca-3"
    assert len(ders_in(added_pem(give.environ))) == 3


def test_a_servers_chain_is_kept_without_the_server(give: Giver) -> None:
    done = give(SERVER.whole_chain)
    assert (done.kept.name, done.kept.ders) == ("example-corp-root-ca", (PROXY.der, ROOT.der))
    assert done.warnings == ("www is no CA: left out",)


def test_a_server_alone_is_refused_with_whom_to_give(give: Giver) -> None:
    with pytest.raises(UsageError, match=r"'www' is no CA, its issuer is 'Example Corp Proxy CA'") as refused:
        give(SERVER)
    assert "'Example Corp Proxy CA'" in refused.value.hint
    assert files(give.environ) == ()


def test_a_server_that_signed_itself_is_what_to_trust_in(give: Giver) -> None:
    assert give(make("registry.local", ca=False, hosts=("registry.local",))).kept.name == "registry-local"


def test_what_may_keep_it_from_working_is_said(give: Giver) -> None:
    assert give(make("old", end=NOW - timedelta(days=1))).warnings == ("old has expired on 2025-12-31",)
    assert give(make("early", begin=NOW + timedelta(days=1))).warnings == ("early is not valid before 2026-01-02",)
    (warning,) = give(PROXY).warnings
    assert warning.startswith("Example Corp Proxy CA was signed by Example Corp Root CA")


def test_one_without_a_usable_name_takes_the_files(give: Giver) -> None:
    assert give(make("Корень"), name="Corp Root.der").kept.name == "corp-root"
    assert give(make("Корень"), name="№.der").kept.name == "no"
    assert give(make("Корень"), name="корень.der").kept.name == "ca"


def test_what_is_no_file_of_certificates_is_refused(give: Giver, tmp_path: Path) -> None:
    for content, why in [(ROOT.key_pem, "private key"), (b"\x30\x03abc", "cut short"), (b"x", "no certificate")]:
        with pytest.raises(UsageError, match=why):
            give(content)
    with pytest.raises(UsageError, match="Is a directory"):
        add(give.environ, tmp_path)
    with pytest.raises(UsageError, match="No such file"):
        add(give.environ, tmp_path / "none")
    assert files(give.environ) == ()


def test_where_it_cannot_be_kept_nothing_is_left(give: Giver) -> None:
    where = folder(give.environ)
    where.parent.mkdir(parents=True)
    where.write_text("a file")
    with pytest.raises(UsageError, match=r"cannot write .*example-corp-root-ca.pem"):
        give(ROOT)
    where.unlink()
    (where / "example-corp-root-ca.pem" / "in the way").mkdir(parents=True)
    with pytest.raises((UsageError, ConfigError)):
        give(ROOT)
    assert [path.name for path in where.iterdir()] == ["example-corp-root-ca.pem"]


def test_it_is_removed_by_its_name(give: Giver) -> None:
    give(ROOT)
    must_be_there(give.environ, ["example-corp-root-ca"])
    remove(give.environ, "example-corp-root-ca")
    remove(give.environ, "example-corp-root-ca")
    assert kept(give.environ) == ()
    with pytest.raises(UsageError, match="'example-corp-root-ca'") as unknown:
        must_be_there(give.environ, ["example-corp-root-ca"])
    assert "none was added" in unknown.value.hint


def test_a_name_leads_nowhere_else(give: Giver) -> None:
    give(ROOT)
    with pytest.raises(UsageError):
        must_be_there(give.environ, ["../ca/example-corp-root-ca"])


def test_a_file_there_that_is_no_certificate_is_named(give: Giver) -> None:
    give(ROOT)
    (folder(give.environ) / "notes.pem").write_text("to do")
    with pytest.raises(ConfigError, match=r"notes\.pem: it is no certificate") as error:
        kept(give.environ)
    assert error.value.hint.startswith("rm ")
    (folder(give.environ) / "notes.pem").unlink()
    (folder(give.environ) / "README").write_text("other files are left alone")
    assert [one.name for one in kept(give.environ)] == ["example-corp-root-ca"]
