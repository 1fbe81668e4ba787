"""Certificates in files: PEM with whatever is around it, or DER. Pure."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable

_BLOCK = re.compile(rb"-----BEGIN (?:X509 )?CERTIFICATE-----([^-]*)-----END (?:X509 )?CERTIFICATE-----")
_BEGIN = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----")
_CERTIFICATE = ("CERTIFICATE", "X509 CERTIFICATE")
_DER = 0x30
_WIDTH = 64


def ders_in(data: bytes) -> tuple[bytes, ...]:
    """The DER of each certificate in PEM text, each once, in order. What is no Base64 is left out: a host's own
    store has been looked at by others.
    """
    found = dict.fromkeys(_decoded(body) for body in _BLOCK.findall(data))
    return tuple(der for der in found if der)


def given(data: bytes) -> tuple[bytes, ...]:
    """The DER of each certificate in a file that somebody gives, PEM or DER, each once. ValueError says what it is
    instead: a private key, another kind of PEM, a damaged one, none.
    """
    kinds = [kind.decode() for kind in _BEGIN.findall(data)]
    if any(kind.endswith("PRIVATE KEY") for kind in kinds):
        raise ValueError("it holds a private key, which must not leave its place")
    if data[:1] == bytes([_DER]) and not kinds:
        return (data,)
    announced = [kind for kind in kinds if kind in _CERTIFICATE]
    blocks = [_decoded(body) for body in _BLOCK.findall(data)]
    if len(blocks) < len(announced) or not all(blocks):
        raise ValueError("a certificate in it is cut short or damaged")
    if not announced:
        raise ValueError(f"it is no certificate but: {kinds[0]}" if kinds else "it is no certificate")
    return tuple(dict.fromkeys(blocks))


def count(pem: bytes) -> int:
    return len(_BEGIN.findall(pem))


def pem_of(ders: Iterable[bytes]) -> bytes:
    return b"".join(_block(base64.b64encode(der)) for der in ders)


def _decoded(body: bytes) -> bytes:
    """b"" for what is no Base64."""
    try:
        return base64.b64decode(b"".join(body.split()), validate=True)
    except binascii.Error:
        return b""


def _block(text: bytes) -> bytes:
    lines = [text[at : at + _WIDTH] for at in range(0, len(text), _WIDTH)]
    return b"-----BEGIN CERTIFICATE-----\n" + b"\n".join(lines) + b"\n-----END CERTIFICATE-----\n"
