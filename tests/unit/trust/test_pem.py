"""Certificates in what people have: PEM, DER, several, and what is no certificate."""

from __future__ import annotations

import pytest

from dfdev.trust.pem import count, ders_in, given, pem_of
from tests.trust.authority import make

ROOT = make("Example Corp Root CA")
OTHER = make("Other Root CA")


def test_pem_with_words_around_it_and_dos_ends_of_line() -> None:
    text = b"subject=/CN=Example\r\n" + ROOT.pem.replace(b"\n", b"\r\n") + b"\r\nand no more"
    assert given(text) == (ROOT.der,)


def test_der_is_taken_as_it_is() -> None:
    assert given(ROOT.der) == (ROOT.der,)


def test_several_each_once_in_their_order() -> None:
    assert given(OTHER.pem + ROOT.pem + OTHER.pem) == (OTHER.der, ROOT.der)


def test_what_is_written_is_read_back_and_is_what_openssl_writes() -> None:
    assert pem_of([ROOT.der]) == ROOT.pem
    assert given(pem_of([ROOT.der, OTHER.der])) == (ROOT.der, OTHER.der)
    assert count(pem_of([ROOT.der, OTHER.der])) == 2


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (ROOT.key_pem, "private key"),
        (ROOT.pem + ROOT.key_pem, "private key"),
        (b"-----BEGIN EC PRIVATE KEY-----\nAA==\n-----END EC PRIVATE KEY-----\n", "private key"),
        (b"-----BEGIN CERTIFICATE REQUEST-----\nAA==\n-----END CERTIFICATE REQUEST-----\n", "CERTIFICATE REQUEST"),
        (b"-----BEGIN PKCS7-----\nAA==\n-----END PKCS7-----\n", "PKCS7"),
        (ROOT.pem[:-40], "cut short"),
        (ROOT.pem + OTHER.pem[:200], "cut short"),
        (ROOT.pem.replace(b"M", b"*"), "cut short or damaged"),
        (b"", "no certificate"),
        (b"hello", "no certificate"),
        (b"\xff\xfe\x00", "no certificate"),
    ],
    ids=[
        "key",
        "with its key",
        "old key",
        "request",
        "pkcs7",
        "cut",
        "second cut",
        "no Base64",
        "empty",
        "text",
        "bin",
    ],
)
def test_what_is_no_certificate_is_told_by_what_it_is(data: bytes, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        given(data)


def test_a_hosts_store_is_read_past_what_is_damaged_in_it() -> None:
    damaged = b"-----BEGIN CERTIFICATE-----\n*\n-----END CERTIFICATE-----\n"
    assert ders_in(b"# a comment\n" + ROOT.pem + damaged + OTHER.pem + ROOT.pem) == (ROOT.der, OTHER.der)
