"""What a statement is about, from how it begins: which database it goes to, and whose it is. Pure."""

from __future__ import annotations

import re
from typing import Literal

from dfdev.core.frozen import dataclass

Kind = Literal["use", "database", "writes", "account", "server", "set", "other"]
_NAME = rb"(?:`(?:[^`]|``)++`|\"[^\"]++\"|[\w$\x80-\xff]++)"
_BORING = re.compile(rb"(?i:INSERT|REPLACE)(?i: IGNORE)?(?i: INTO) +(?:`[^`]++`|[\w$]++) *+(?=[(VvSs])")
_NOISE = re.compile(rb"/\*M?!\d*|/\*.*?\*/|\*/|--\s[^\n]*|#[^\n]*|\(", re.S)
_USE = re.compile(rb"\s*(?:(?i:use)\b|\\u)\s*(%s|'[^']+')" % _NAME)
_DATABASE = re.compile(
    rb"\s*(?i:create|drop|alter)\s+(?:(?i:or)\s+(?i:replace)\s+)?(?i:database|schema)\s+(?i:(?:if\s+)?(?:not\s+)?(?:exists\s+)?)(%s)"
    % _NAME
)
_ACCOUNT = re.compile(
    rb"\s*(?i:grant|revoke|flush|(?:create|alter|drop|rename)\s+(?:or\s+replace\s+)?(?:user|role)|set\s+(?:password|default\s+role))\b"
)
_SERVER = re.compile(
    rb"\s*(?i:set)\s+(?:@@(?i:global|local|session)\s*\.\s*|@@|(?i:global|local|session)\s+)?"
    rb"(?i:(gtid_purged|gtid_next|gtid_slave_pos|sql_log_bin))\b"
    rb"|\s*(?i:set)\s+(?:@@(?i:global)\s*\.\s*|(?i:global)\s+)(\w+)"
    rb"|\s*(?i:((?:change|reset|start|stop)\s+(?:master|slave|replica|replication|binary\s+logs)|purge\s+(?:binary|master))\b)"
)
"""What is about the server that a dump comes from, and not about its rows."""
_SET = re.compile(rb"\s*(?i:set)\b")
_DEFINER = re.compile(rb"(?i:definer)\s*=\s*\S+")
_VERB = re.compile(
    rb"\s*(?i:insert|replace|update|delete|truncate|drop|create|alter|rename|lock|load|call|analyze|optimize|repair)\b"
)
_BEFORE = rb"""(?xi:\s+(?:low_priority|delayed|high_priority|ignore|quick|into|from|temporary|tables?|views?|trigger
    |procedure|function|event|sequence|or|replace|if|not|exists|algorithm\s*=\s*\w+|sql\s+security\s+\w+|aggregate
    |unique|fulltext|spatial|online|offline|(?:data|xml)\b.*?\binto|concurrent|local|index\b.*?\bon)\b)*"""
_NAMES = re.compile(rb"%s\s*+(%s(?:\s*\.\s*%s)?(?:\s*,\s*%s(?:\s*\.\s*%s)?)*)" % (_BEFORE, *[_NAME] * 4), re.S)
_ELSEWHERE = re.compile(rb"(?i:\bto|\bon|\bjoin|\busing)\s+(%s)\s*\.\s*(%s)" % (_NAME, _NAME))
_ALSO = re.compile(rb"\s*(?i:rename|create\s+trigger|lock)\b")
_ONE = re.compile(rb"(%s)(?:\s*\.\s*(%s))?" % (_NAME, _NAME))


@dataclass(frozen=True)
class Head:
    """`databases`: those that it names; of "writes" only where it says more than a table's name. `about`: what of its
    server a statement of the kind "server" sets.
    """

    kind: Kind
    databases: tuple[str, ...] = ()
    about: str = ""


_ROWS, OTHER = Head("writes"), Head("other")


def head_of(text: bytes) -> Head:
    """`text`: as much of it as there is, or a kilobyte."""
    if _BORING.match(text):
        return _ROWS
    plain = _NOISE.sub(b" ", text[:1024])
    if found := _USE.match(plain):
        return Head("use", (_text(found[1]),))
    if found := _DATABASE.match(plain):
        return Head("database", (_text(found[1]),))
    if _ACCOUNT.match(plain):
        return Head("account")
    if found := _SERVER.match(plain):
        return Head("server", about=_words(found[1] or found[2] or found[3]))
    if _SET.match(plain):
        return Head("set")
    return _written(_DEFINER.sub(b" ", plain))


def _written(plain: bytes) -> Head:
    verb = _VERB.match(plain)
    if verb is None:
        return OTHER
    names = _NAMES.match(plain, verb.end())
    found = [one[1] for one in _ONE.finditer(names[1]) if one[2]] if names else []
    if _ALSO.match(plain):
        found += [one[1] for one in _ELSEWHERE.finditer(plain)]
    return Head("writes", tuple(dict.fromkeys(_text(name) for name in found)))


def _words(found: bytes) -> str:
    return " ".join(found.decode("ascii", "replace").lower().split())


def _text(name: bytes) -> str:
    quote = name[:1]
    inner = name[1:-1].replace(quote * 2, quote) if quote in (b"`", b'"', b"'") else name
    return inner.decode("utf-8", "replace")
