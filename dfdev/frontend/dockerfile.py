"""What the front end's Dockerfile says, and how it reads for a builder that knows no secrets. Pure, on its text."""

from __future__ import annotations

import re
from collections.abc import Iterator

_SECRET = re.compile(r"[ \t]+--mount=type=(?:secret|cache)\S*")
_STAGE = re.compile(r"FROM\s+(?:--\S+\s+)*\S+\s+AS\s+(\S+)\s*", re.IGNORECASE)
_FROM = re.compile(r"^(\s*FROM)(?=\s+(?!--platform))", re.IGNORECASE | re.MULTILINE)
_ARG = re.compile(r"ARG\s+(.+)", re.IGNORECASE)
_NAME = re.compile(r"(?:^|\s)(\w+)(?:=(?:\"[^\"]*\"|'[^']*'|\S*))?")


def declared(text: str) -> frozenset[str]:
    """The build arguments that it takes, in any stage."""
    found = (_ARG.fullmatch(line) for line in _instructions(text))
    return frozenset(name for match in found if match for name in _NAME.findall(match[1]))


def stages(text: str) -> tuple[str, ...]:
    """The names of its stages, in lower case."""
    found = (_STAGE.fullmatch(line) for line in _instructions(text))
    return tuple(match[1].lower() for match in found if match)


def plain(text: str, target: str, platform: str = "") -> str:
    """The Dockerfile of one stage for the classic builder: what comes after that stage is left out, and so are the
    mounts of secrets and caches. The stage must be there.
    """
    lines, inside = [], False
    for line in text.splitlines(keepends=True):
        start = re.match(r"\s*FROM\s", line, re.IGNORECASE)
        if start and inside:
            break
        named = _STAGE.fullmatch(line.strip()) if start else None
        inside = inside or (named is not None and named[1].lower() == target.lower())
        lines.append(_SECRET.sub("", line))
    return _FROM.sub(rf"\1 --platform={platform}", "".join(lines)) if platform else "".join(lines)


def _instructions(text: str) -> Iterator[str]:
    """Each on one line, without comments."""
    kept = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    for line in re.sub(r"\\[ \t]*\n", " ", kept).splitlines():
        if line.strip():
            yield line.strip()
