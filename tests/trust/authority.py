"""Certificates of a company that there is not: its CA, the CA of its proxy, servers, and odd ones."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

NOW = datetime(2026, 1, 1, tzinfo=UTC)
"""A time at which all that is made here is valid, unless it says otherwise."""


@dataclass(frozen=True)
class Made:
    """A certificate with its key; `chain`: those above it, the root last."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    chain: tuple[Made, ...] = ()

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    @property
    def whole_chain(self) -> bytes:
        return b"".join(made.pem for made in (self, *self.chain))


def make(
    name: str | x509.Name,
    by: Made | None = None,
    *,
    ca: bool | None = True,
    begin: datetime = NOW - timedelta(days=365),
    end: datetime = NOW + timedelta(days=3650),
    hosts: tuple[str, ...] = (),
) -> Made:
    """Signed by itself where `by` is None; `ca` None: it does not say whether it is one. `hosts`: names and addresses
    of a server.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    subject = named(name) if isinstance(name, str) else name
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(end)
    )
    if ca is not None:
        builder = builder.add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    if hosts:
        builder = builder.add_extension(x509.SubjectAlternativeName([_alternative(host) for host in hosts]), False)
    certificate = builder.sign(by.key if by else key, hashes.SHA256())
    return Made(certificate, key, (by, *by.chain) if by else ())


def named(common: str, kind: x509.ObjectIdentifier = NameOID.COMMON_NAME) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "US"), x509.NameAttribute(kind, common)])


def _alternative(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)
