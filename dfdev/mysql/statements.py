"""Where statements begin and end in a stream of SQL, as the `mysql` client reads it. Pure.

Strings, comments and quoted names are told from what stands between them at the speed of a search, and what looks like
a statement or a command inside them is text. Source: add_line() and find_command() in the client's own source.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Literal

from dfdev.core.frozen import dataclass

Kind = Literal["between", "statement", "more", "delimiter", "source", "command", "sandbox", "warning", "failure"]
HEAD = 4096
"""Bytes of a statement that are looked at: they stand together in one piece."""
_AHEAD = 64
"""Bytes behind a place that tell what it is: a comment, a delimiter, a command at the beginning of a line."""
_BETWEEN = re.compile(rb"(?:\s++|#[^\n]*+\n|--(?=\s)[^\n]*+\n|/\*(?!M?!)(?:[^*]++|\*(?!/))*+\*/)*+")
_SANDBOX = re.compile(rb"/\*M?!999999\\-.*?\*/", re.S)
_DELIMITER = re.compile(rb"(?i:delimiter)[ \t]++(\S++)?[^\n]*+")
_SOURCE = re.compile(rb"(?:(?i:source)[ \t]++|\\\.)([^\n]*+)")
_COMMAND = re.compile(
    rb"(?:\\[A-Za-z?]|(?i:charset|clear|connect|edit|ego|exit|go|help|nopager|notee|nowarning|pager|print|prompt|quit"
    rb"|rehash|resetconnection|status|system|tee|use|warnings)(?=\s|\Z))[^\n]*+"
)
_DUMP_SAYS = re.compile(rb"(?:mysqldump|mariadb-dump|mysqlpump)(?:\.exe)?: (\[?\w+[^\n]*+)")
_HARMLESS = re.compile(rb"\[?(?i:warning|note)\b|Error: 'Access denied[^\n]*tablespaces")
"""Of what the dumping program says: without the right to see tablespaces it dumps all but them."""
_DELIMITER_LINE = re.compile(rb"\n[ \t]*+(?i:delimiter)[ \t]")


@dataclass(frozen=True)
class Part:
    """Bytes that belong together. `more` goes on with a statement that began before; `warning` and `failure` are what
    the dumping program said, when `2>&1` put that into the dump. `word`: of a delimiter or a source, what it names; of
    a failure, its words.
    """

    kind: Kind
    data: bytes
    word: bytes = b""


class Statements:
    """Reads along. `delimiter`: what ends a statement now; `escapes`: whether a backslash escapes in a string."""

    def __init__(self, delimiter: bytes = b";", *, escapes: bool = True) -> None:
        self.delimiter = delimiter
        self.escapes = escapes
        self.open = False
        """Inside a statement."""
        self._inside = b""
        """What ends the string or comment that we are in."""
        self._rest = b""
        self._waits = False

    def cut(self, piece: bytes, *, last: bool = False) -> Iterator[Part]:
        """Together they are what was given, but for a short rest that is kept until more comes or it is the `last`."""
        text, at = self._rest + piece if self._rest else piece, 0
        self._rest = b""
        while at < len(text):
            kind, end, word = self._next(text, at, last)
            if end > at:
                yield Part(kind, text[at:end] if (at, end) != (0, len(text)) else text, word)
            if self._waits:
                self._rest = text[end:]
                return
            at = end

    @property
    def quoted(self) -> bool:
        """Inside a string, or a comment that does not end with its line."""
        return self._inside not in (b"", b"\n")

    def _next(self, text: bytes, at: int, last: bool) -> tuple[Kind, int, bytes]:
        self._waits = False
        if self.open or self._inside:
            kind: Kind = "more" if self.open else "between"
            return kind, self._through(text, at, last), b""
        begin = _BETWEEN.match(text, at).end()  # type: ignore[union-attr]  # it matches nothing, too
        if begin > at:
            return "between", begin, b""
        if len(text) - at < HEAD and not last:
            self._waits = True
            return "between", at, b""
        return self._begun(text, at, last)

    def _begun(self, text: bytes, at: int, last: bool) -> tuple[Kind, int, bytes]:
        """What stands where a statement may begin."""
        if text.startswith((b"/*M!999999", b"/*!999999"), at) and (found := _SANDBOX.match(text, at)):
            return "sandbox", found.end(), b""
        if text.startswith((b"/*", b"#", b"--"), at) and (ends := self._comment(text, at)):
            self._inside = ends
            return "between", at + 2, b""
        if text.startswith(self.delimiter, at):
            return "between", at + len(self.delimiter), b""
        return self._line(text, at) or ("statement", self._statement(text, at, last), b"")

    def _line(self, text: bytes, at: int) -> tuple[Kind, int, bytes] | None:
        """A command of the client's own, which ends with its line, or before that by a delimiter."""
        if text[at] not in b"dDsS\\cCeEgGhHnNpPqQrRtTuUwWm":
            return None
        if found := _DUMP_SAYS.match(text, at):
            kind: Kind = "warning" if _HARMLESS.match(found[1]) else "failure"
            return kind, found.end(), found[0].rstrip()
        if found := _DELIMITER.match(text, at):
            self.delimiter = found[1] or self.delimiter
            return "delimiter", found.end(), self.delimiter
        if found := _SOURCE.match(text, at):
            name, delimiter, _ = found[1].partition(self.delimiter)
            return "source", found.start(1) + len(name) + len(delimiter), name.strip()
        found = _COMMAND.match(text, at)
        return ("command", found.end(), b"") if found and self.delimiter not in found[0] else None

    @staticmethod
    def _comment(text: bytes, at: int) -> bytes:
        """What ends it; b"" where none begins."""
        if text[at : at + 1] == b"#":
            return b"\n"
        two = text[at : at + 2]
        if two == b"--":
            return b"\n" if text[at + 2 : at + 3].isspace() or len(text) == at + 2 else b""
        return b"*/" if two == b"/*" and not text.startswith((b"!", b"M!"), at + 2) else b""

    def _statement(self, text: bytes, at: int, last: bool) -> int:
        self.open = True
        return self._through(text, at, last)

    def _through(self, text: bytes, at: int, last: bool) -> int:
        """Where it ends, or where the text does."""
        plain = _plain(self.delimiter, self.escapes)
        while at < len(text):
            if self._inside:
                at = self._closed(text, at, last)
                if not self.open or self._waits:
                    return at
                continue
            at = plain.match(text, at).end()  # type: ignore[union-attr]  # it matches nothing, too
            if text.startswith(self.delimiter, at):
                self.open = False
                return at + len(self.delimiter)
            if len(text) - at < _AHEAD and not last:
                self._waits = at < len(text)
                return at
            at = self._odd(text, at)
            if not self.open:
                return at
        return at

    def _odd(self, text: bytes, at: int) -> int:
        """Behind a byte that may begin something, and does not end the statement."""
        char = text[at : at + 1]
        if char in (b"'", b'"', b"`"):
            self._inside = char
        elif char == b"\n" and _DELIMITER_LINE.match(text, at):
            self.open = False
        elif char in (b"/", b"-", b"#"):
            self._inside = self._comment(text, at)
            return at + (2 if self._inside == b"*/" else 1)
        elif char == b"\\":
            self.open = text[at + 1 : at + 2] not in (b"g", b"G")
            return at + 2
        return at + 1

    def _closed(self, text: bytes, at: int, last: bool) -> int:
        """Behind the end of what we are in; where it does not end here, all but a byte that may belong to its end."""
        found = _closing(self._inside, self.escapes).match(text, at)
        if found:
            self._inside = b""
            return found.end()
        if last:
            return len(text)
        escaped = self.escapes and self._inside in b"'\"" and (len(text) - len(text.rstrip(b"\\"))) % 2
        held = 1 if escaped or (self._inside == b"*/" and text.endswith(b"*")) else 0
        self._waits = bool(held)
        return len(text) - held


@cache
def _plain(delimiter: bytes, escapes: bool) -> re.Pattern[bytes]:
    """All that begins nothing, and strings that are whole."""
    first = re.escape(delimiter[:1])
    body = rb"[^'\\]*+(?:\\.[^'\\]*+)*+" if escapes else rb"[^']*+"
    other = rb"[^;'\"`#/\\\n\-%s]*+" % first if delimiter != b";" else rb"[^;'\"`#/\\\n\-]*+"
    line = rb"\n(?=[ \t]*+[^ \tdD])" + other
    return re.compile(rb"%s(?:'%s'%s|%s)*+" % (other, body, other, line), re.S)


@cache
def _closing(end: bytes, escapes: bool) -> re.Pattern[bytes]:
    if end in (b"'", b'"') and escapes:
        return re.compile(rb"[^%s\\]*+(?:\\.[^%s\\]*+)*+%s" % (end, end, end), re.S)
    return re.compile(rb".*?" + re.escape(end), re.S)
