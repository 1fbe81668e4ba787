"""What an X.509 certificate says of itself: just enough DER to name it and to tell its kind. Pure.

Shapes: RFC 5280, section 4.1; lengths and tags: X.690.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from dfdev.core.frozen import dataclass

_SEQUENCE, _BOOLEAN, _OID, _BIT_STRING = 0x30, 0x01, 0x06, 0x03
_VERSION, _EXTENSIONS = 0xA0, 0xA3
_UTC_TIME, _TIME = 0x17, 0x18
_UTF16 = 0x1E
_NAMES = (b"\x55\x04\x03", b"\x55\x04\x0b", b"\x55\x04\x0a")
"""Common name, unit, organisation: the first that there is names it."""
_BASIC_CONSTRAINTS = b"\x55\x1d\x13"


@dataclass(frozen=True)
class Facts:
    """`not_before`, `not_after`: Unix times. `ca`: it may sign others (or is of the time before X.509 v3)."""

    subject: str
    issuer: str
    not_before: float
    not_after: float
    ca: bool
    self_signed: bool


@dataclass(frozen=True)
class _Node:
    tag: int
    content: bytes

    def parts(self) -> list[_Node]:
        return list(_nodes(self.content))


def facts(der: bytes) -> Facts:
    """ValueError: it is cut short, or no certificate."""
    try:
        return _facts(der)
    except (IndexError, OverflowError):
        raise ValueError("it is cut short or damaged") from None
    except ValueError:
        raise ValueError("it is no certificate") from None


def _facts(der: bytes) -> Facts:
    whole = _only(der)
    to_be_signed, _, signature = whole.parts()[:3]
    fields = to_be_signed.parts()
    if whole.tag != _SEQUENCE or to_be_signed.tag != _SEQUENCE or signature.tag != _BIT_STRING:
        raise ValueError(whole.tag)
    old = fields[0].tag != _VERSION
    _, _, issuer, validity, subject, *rest = fields if old else fields[1:]
    begin, end = (_time(node) for node in validity.parts()[:2])
    itself = issuer.content == subject.content
    found = next((node for node in rest if node.tag == _EXTENSIONS), None)
    ca = _may_sign(found) if found else itself
    return Facts(_named(subject), _named(issuer), begin, end, ca, itself)


def _only(der: bytes) -> _Node:
    (node,) = _nodes(der)
    return node


def _nodes(data: bytes) -> Iterator[_Node]:
    at = 0
    while at < len(data):
        tag, length, at = data[at], data[at + 1], at + 2
        if length & 0x80:
            size = length & 0x7F
            length, at = int.from_bytes(data[at : at + size]), at + size
            if not 0 < size <= 4:
                raise IndexError(size)
        if at + length > len(data):
            raise IndexError(length)
        yield _Node(tag, data[at : at + length])
        at += length


def _named(name: _Node) -> str:
    """The text that a person knows a name by."""
    found: dict[bytes, str] = {}
    for relative in name.parts():
        for pair in relative.parts():
            kind, value = pair.parts()[:2]
            found.setdefault(kind.content, _text(value))
    text = next((found[kind] for kind in _NAMES if kind in found), "")
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _text(value: _Node) -> str:
    if value.tag == _UTF16:
        return value.content.decode("utf-16-be", "replace")
    try:
        return value.content.decode("utf-8")
    except UnicodeDecodeError:
        return value.content.decode("latin-1")


def _time(node: _Node) -> float:
    """UTCTime has two digits of the year: 50 to 99 are the last century's."""
    text = node.content.decode("ascii")
    if node.tag == _UTC_TIME:
        text = ("19" if text[:2] >= "50" else "20") + text
    elif node.tag != _TIME:
        raise ValueError(node.tag)
    return datetime.strptime(text, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC).timestamp()


def _may_sign(extensions: _Node) -> bool:
    for extension in _only(extensions.content).parts():
        kind, *rest = extension.parts()
        if kind.tag == _OID and kind.content == _BASIC_CONSTRAINTS:
            constraints = _only(rest[-1].content).parts()
            return any(node.tag == _BOOLEAN and node.content != b"\x00" for node in constraints)
    return False
