"""The secret texts of this run, and the one place that takes them out of what is printed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

MASK = "********"

_PASSWORD = r"[^\s@]+(?:@[^\s@/:]+(?=@))*"  # noqa: S105  # the shape of one
"""With a slash or an `@` in it, too: people write it as it is."""
_IN_URL = re.compile(rf"(://[^/\s:@\[\]\"']*:)(?!\d{{1,5}}(?:[/\s\"',;]|$))({_PASSWORD})@")
_LONG, _SHORT, _DIGITS = 8, 4, 6
"""Letters from which on a text is hidden within words too; that a secret has at the least; digits, if it has only
those: fewer would hide ports, counts and words that have nothing to do with it.
"""
_EVERYDAY = re.compile(
    "admin|debug|default|demo|dev|develop|development|dfdev|disabled|enabled|error|false|frontend|guest|info|local"
    "|localhost|mysql|native|none|null|password|prod|production|public|registry|root|secret|staging|test|testing|true"
    "|user|warning",
    re.IGNORECASE,
)
"""Words that anybody would guess: to hide them would only make messages unreadable."""


class Secrets:
    """Grows while a command reads its files. What is hidden is so wherever it stands: in an engine's error, an image's
    name, one line of it alone, as a URL or as JSON writes it, cut off before an ellipsis.
    """

    def __init__(self) -> None:
        self._named: dict[str, None] = {}
        self._others: dict[str, None] = {}
        self._spared: dict[str, None] = {}
        self._hidden: tuple[str, ...] | None = None

    def learn(self, text: str, *, named: bool = False) -> None:
        """`named`: it is called a password or the like; else it is secret because of where it comes from."""
        texts = self._named if named else self._others
        texts.update(dict.fromkeys([text, *text.splitlines()]))
        self._named.update((password, None) for password in passwords_in(text))
        self._hidden = None

    def spare(self, *texts: str) -> None:
        """Names that messages cannot do without: what is a part of one is hidden only where it is called a secret."""
        self._spared.update(dict.fromkeys(texts))
        self._hidden = None

    def hidden(self, text: str) -> str:
        """The text with a mask in place of each secret, and of each password in a URL, known or not."""
        shown = _IN_URL.sub(rf"\1{MASK}@", text) if "://" in text and "@" in text else text
        for secret in self._all():
            if secret in shown:
                shown = _without(secret, shown)
            elif "…" in shown:
                shown = _without_beginning(secret, shown)
        return shown

    def hidden_in(self, value: Any) -> Any:
        """The same for all texts of a document. Keys that are plain words are ours."""
        if isinstance(value, str):
            return self.hidden(value)
        if isinstance(value, dict):
            return {key if _is_word(key) else self.hidden(key): self.hidden_in(x) for key, x in value.items()}
        if isinstance(value, list | tuple):
            return [self.hidden_in(x) for x in value]
        return value

    def _all(self) -> tuple[str, ...]:
        """Longest first: one may be a part of another."""
        if self._hidden is None:
            named = (x for x in self._named if _tells(x) and x not in self._spared)
            others = (x for x in self._others if _tells(x) and not _is_here(x) and not self._is_named(x))
            forms = {form for text in (*named, *others) for form in _forms(text)}
            self._hidden = tuple(sorted(forms, key=len, reverse=True))
        return self._hidden

    def _is_named(self, text: str) -> bool:
        return any(text in name for name in self._spared)


def passwords_in(text: str) -> Iterator[str]:
    """The passwords of the URLs in a text, as they stand there and decoded."""
    for found in _IN_URL.finditer(text) if "://" in text and "@" in text else ():
        yield found[2]
        if "%" in found[2]:
            from urllib.parse import unquote

            yield unquote(found[2])


def _is_word(key: Any) -> bool:
    return not isinstance(key, str) or key.isidentifier()


def _is_here(text: str) -> bool:
    """Where something is to be found on this computer: no secret, and what `status` is asked for."""
    return re.fullmatch(r"(\w+://)?(localhost|127\.0\.0\.1)(:\d+)?/?", text) is not None


def _tells(text: str) -> bool:
    """Whether it can be told from what has nothing to do with it."""
    least = _DIGITS if text.strip("0123456789.,:-") == "" else _SHORT
    return len(text.strip()) >= least and not _EVERYDAY.fullmatch(text)


def _forms(text: str) -> Iterable[str]:
    """As it is, and as others write it: escaped in JSON, TOML or Go, quoted in a URL."""
    if re.fullmatch(r"[\w.~-]*", text, re.ASCII):
        return (text,)
    from urllib.parse import quote, quote_plus

    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return text, escaped, escaped.replace("&", "\\u0026"), quote(text), quote(text, safe=""), quote_plus(text)


def _without(secret: str, text: str) -> str:
    if len(secret) >= _LONG:
        return text.replace(secret, MASK)
    return re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", MASK, text)


def _without_beginning(secret: str, text: str) -> str:
    """Where a text was cut off in the middle of it."""
    parts = text.split("…")
    for at, part in enumerate(parts[:-1]):
        kept = next((n for n in range(min(len(secret), len(part)), _LONG - 1, -1) if part.endswith(secret[:n])), 0)
        parts[at] = part[: len(part) - kept] + (MASK if kept else "")
    return "…".join(parts)
