"""References of images, by docker's grammar. Pure. Source: distribution/reference, regexp.go and normalize.go."""

from __future__ import annotations

import re

from dfdev.workspace.values import UnfitError

FORM = "an image: NAME:TAG or HOST:PORT/NAME:TAG"

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_HOST = re.compile(rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[0-9A-Fa-f:]+\])(?::\d+)?", re.ASCII)
_PART = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_NAME = re.compile(rf"{_PART}(?:/{_PART})*", re.ASCII)
_ID = re.compile(r"[0-9a-f]{64}", re.ASCII)
_TAIL = re.compile(
    r"(?::\w[\w.-]{0,127})?(?:@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9A-Fa-f]{32,})?", re.ASCII
)
_LONGEST = 255


def parse_image(text: str, key: str = "image") -> str:
    """The text, when it is a reference. `key`: where it stands, for the line to write."""
    host, name, tail = _split(text)
    whole = f"{host}/{name}" if host else name
    if (host and not _HOST.fullmatch(host)) or not _TAIL.fullmatch(tail) or len(whole) > _LONGEST:
        raise UnfitError(FORM)
    if _NAME.fullmatch(name):
        if _ID.fullmatch(text):
            raise UnfitError(FORM, "64 hex digits are an id: give the image a name with `docker tag`")
        return text
    if not _NAME.fullmatch(name.lower()):
        raise UnfitError(FORM)
    lower = f"{host}/{name.lower()}{tail}" if host else f"{name.lower()}{tail}"
    raise UnfitError(f"{FORM}, the name in lower case", f'write {key} = "{lower}"')


def _split(text: str) -> tuple[str, str, str]:
    """Host, name, tag and digest. The first part is a host when it has a dot or a port, or is localhost."""
    host, slash, rest = text.partition("/")
    if not slash or not ("." in host or ":" in host or host == "localhost"):
        host, rest = "", text
    end = re.search("[:@]|$", rest)
    cut = end.start() if end else len(rest)
    return host, rest[:cut], rest[cut:]
