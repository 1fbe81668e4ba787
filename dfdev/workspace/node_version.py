"""Which node a project wants: `[frontend] node`, `.nvmrc`, `engines` of package.json. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

DEFAULT = "24"
_KNOWN = (26, 24, 22, 20, 18, 16, 14, 12, 10, 8, 6, 4, *range(25, 4, -2), 0)
"""Lines with long-term support, the newest first, then those without, and 0 for the 0.x of before."""
_NAMES = ("krypton", "jod", "iron", "hydrogen", "gallium", "fermium", "erbium", "dubnium", "carbon", "boron", "argon")
"""Of the lines with long-term support, from 24 down to 4."""
_LTS = {name: 24 - 2 * place for place, name in enumerate(_NAMES)}
_ANY = ("node", "stable", "lts/*")
"""Words that leave the version to the tool that reads them."""
_VERSION = re.compile(r"v?(\d+(?:\.\d+){0,2})(?:\.[x*])*", re.ASCII)
_PART = re.compile(r"(>=|<=|>|<|=|\^|~)?\s*v?(\d+|[x*])(?:\.(\d+|[x*]))?(?:\.(\d+|[x*]))?", re.ASCII | re.IGNORECASE)

Version = tuple[int, int, int]


def of_nvmrc(text: str) -> str:
    """ "v20.11.1" -> "20.11.1"; "lts/carbon" -> "8"; "lts/*" and "node" -> the default; "" where nothing is written.

    ValueError, with the words: they name no version.
    """
    written = [word for line in text.splitlines() if (word := line.partition("#")[0].strip())]
    if not written:
        return ""
    word = written[0].lower()
    found = _VERSION.fullmatch(word)
    version = found[1] if found else DEFAULT if word in _ANY else _of_name(word)
    if not version or len(written) > 1:
        raise ValueError(" ".join(written))
    return version


def _of_name(word: str) -> str:
    """ "lts/-1" is the line before the newest."""
    name = word.removeprefix("lts/")
    back = re.fullmatch(r"-(\d+)", name, re.ASCII)
    lines = list(_LTS.values())
    if back:
        return str(lines[int(back[1])]) if int(back[1]) < len(lines) else ""
    return str(_LTS.get(name, ""))


def of_engines(text: str) -> str:
    """The line of node that a range allows: the default if it does, else the newest; "0.10" as it is; "" for none."""
    exact = _VERSION.fullmatch(text.strip())
    if exact:
        return exact[1]
    for major in (int(DEFAULT), *_KNOWN):
        if any(_allows(part, major) for part in text.split("||")):
            return str(major) if major else _zero(text)
    return ""


def _zero(text: str) -> str:
    found = re.search(r"0\.(\d+)", text)
    return f"0.{found[1]}" if found else "0.12"


def _allows(text: str, major: int) -> bool:
    """Whether some version of that line is in the range."""
    ends = _spans(text)
    if not ends:
        return False
    low, high = max(low for low, _ in ends), min(high for _, high in ends)
    return low < high and low < (major + 1, 0, 0) and high > (major, 0, 0)


def _spans(text: str) -> list[tuple[Version, Version]]:
    first, dash, last = text.partition(" - ")
    return [*_ends(f">={first.strip()}"), *_ends(f"<={last.strip()}")] if dash else list(_ends(text))


def _ends(text: str) -> Iterator[tuple[Version, Version]]:
    """Each comparison as the half-open span of versions that it allows."""
    for operator, *numbers in _PART.findall(text):
        given = [int(n) for n in numbers if n.isdecimal()]
        low = _padded(given)
        yield _span(operator, low, _after(given))


def _span(operator: str, low: Version, after: Version) -> tuple[Version, Version]:
    bottom, top = (0, 0, 0), (10**6, 0, 0)
    if operator == ">=":
        return low, top
    if operator == ">":
        return after, top
    if operator == "<":
        return bottom, low
    if operator == "<=":
        return bottom, after
    if operator == "^":
        return low, (low[0] + 1, 0, 0) if low[0] else (0, low[1] + 1, 0)
    if operator == "~":
        return low, (low[0], low[1] + 1, 0)
    return low, after


def _padded(given: list[int]) -> Version:
    a, b, c = [*given, 0, 0, 0][:3]
    return a, b, c


def _after(given: list[int]) -> Version:
    """The first version beyond all that begin with these numbers."""
    if not given:
        return 10**6, 0, 0
    return _padded([*given[:-1], given[-1] + 1])
