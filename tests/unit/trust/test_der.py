"""What a certificate says of itself, against the library that knows it all."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

from dfdev.trust.der import facts
from dfdev.trust.host import STORES
from dfdev.trust.pem import ders_in
from tests.trust.authority import NOW, make, named

ROOT = make("Example Corp Root CA")


def test_a_root_names_itself_and_says_until_when() -> None:
    found = facts(ROOT.der)
    assert (found.subject, found.issuer) == ("Example Corp Root CA", "Example Corp Root CA")
    assert (found.ca, found.self_signed) == (True, True)
    assert found.not_after == (NOW + timedelta(days=3650)).timestamp()


def test_a_server_is_no_ca_and_names_who_signed_it() -> None:
    found = facts(make("www", ROOT, ca=False, hosts=("www.example",)).der)
    assert (found.subject, found.issuer, found.ca, found.self_signed) == ("www", "Example Corp Root CA", False, False)


def test_one_that_does_not_say_is_no_ca_unless_it_is_of_the_time_before() -> None:
    assert not facts(make("silent", ROOT, ca=None, hosts=("www.example",)).der).ca
    assert facts(make("of 1995", ca=None).der).ca


@pytest.mark.parametrize("end", [datetime(2049, 12, 31, tzinfo=UTC), datetime(2050, 1, 1, 3, 4, 5, tzinfo=UTC)])
def test_years_with_two_digits_and_with_four(end: datetime) -> None:
    found = facts(make("long", begin=datetime(1950, 1, 1, tzinfo=UTC), end=end).der)
    assert found.not_after == end.timestamp()
    assert found.not_before == datetime(1950, 1, 1, tzinfo=UTC).timestamp()


def test_a_name_is_the_common_one_else_the_unit_else_the_organisation() -> None:
    assert facts(make(named("Example", NameOID.ORGANIZATION_NAME)).der).subject == "Example"
    parts = [
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Example"),
        x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "Networks"),
    ]
    assert facts(make(x509.Name(parts)).der).subject == "Networks"
    assert facts(make(x509.Name([])).der).subject == ""


def test_a_name_in_another_alphabet_or_coding_is_text() -> None:
    assert facts(make("Пример Корневой ЦС").der).subject == "Пример Корневой ЦС"
    utf16 = x509.NameAttribute(NameOID.COMMON_NAME, "Grüße", _type=x509.name._ASN1Type.BMPString)
    assert facts(make(x509.Name([utf16])).der).subject == "Grüße"


def test_a_name_cannot_play_tricks_on_a_terminal() -> None:
    assert facts(make("evil\x1b[31m\nname").der).subject == "evil [31m name"


@pytest.mark.filterwarnings("ignore:Parsed a serial number")
@pytest.mark.parametrize("path", [Path(p) for p in STORES if Path(p).is_file()][:1], ids=str)
def test_every_certificate_of_this_host_reads_as_the_library_reads_it(path: Path) -> None:
    for der in ders_in(path.read_bytes()):
        known, found = x509.load_der_x509_certificate(der), facts(der)
        assert found.not_after == known.not_valid_after_utc.timestamp()
        assert found.self_signed == (known.issuer == known.subject)
        common = known.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        assert not common or found.subject == " ".join(str(common[0].value).split())
        with contextlib.suppress(x509.ExtensionNotFound):
            assert found.ca == known.extensions.get_extension_for_class(x509.BasicConstraints).value.ca


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_a_damaged_one_is_told_as_such(data: st.DataObject) -> None:
    der = bytearray(ROOT.der)
    for _ in range(data.draw(st.integers(1, 4))):
        der[data.draw(st.integers(0, len(der) - 1))] = data.draw(st.integers(0, 255))
    end = data.draw(st.integers(0, len(der)))
    with contextlib.suppress(ValueError):
        facts(bytes(der))
    with pytest.raises(ValueError, match=r"."):
        facts(bytes(ROOT.der[: min(end, len(ROOT.der) - 1)]))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_anything_else_is_no_certificate(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"it is "):
        facts(data)
