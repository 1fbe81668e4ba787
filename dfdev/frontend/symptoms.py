"""What the tools of the front end are known to say when something of this computer or project is amiss, and the line
to type then. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from dfdev.core.frozen import dataclass
from dfdev.core.typed import typed
from dfdev.trust.refused import CA_HINT, REFUSED

_CLOCK_HINT = "dfdev clock sync (a certificate's date is refused; where the clock is right, the server's has expired)"
_TASK_HINT = "dfdev grunt --help (lists the tasks of the Gruntfile)"
_LOCK_HINT = "dfdev npm install (brings package-lock.json in line with package.json)"
_ESCAPES = re.compile(rb"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\))")
_BREAK = re.compile(rb"[\r\n]+")
_LONGEST = 8192
_OVERLAP = 512


@dataclass(frozen=True)
class _Symptom:
    """`hint` may name the pattern's first group as `{0}`."""

    pattern: re.Pattern[str]
    hint: str


_NEEDLES = (
    b"ertificate",
    b"CERT",
    b"LEAF_SIGNATURE",
    b" not found",
    b"local grunt",
    b"git protocol",
    b"EUNSUPPORTEDPROTOCOL",
    b"lockfileVersion",
    b"or architecture: linux",
    b"full log at",
    b"`npm ci`",
)
"""Output without any of these is looked at no further: each symptom has one of them."""

_SYMPTOMS = tuple(
    _Symptom(re.compile(pattern), hint)
    for pattern, hint in (
        (r"CERT_HAS_EXPIRED|CERT_NOT_YET_VALID|certificate (has expired|is not yet valid)", _CLOCK_HINT),
        (REFUSED.pattern, CA_HINT),
        (r'Local Npm module "([^"\s]+)" not found', "dfdev npm install --save-dev {0}"),
        (r'Task "[^"]*" not found', _TASK_HINT),
        (r"Unable to find local grunt", "dfdev npm install --save-dev grunt"),
        (
            r"unauthenticated git protocol .* no longer supported",
            "write https:// instead of git:// in bower.json and package.json: git:// is not served any more",
        ),
        (
            r"EUNSUPPORTEDPROTOCOL",
            "a version in package.json is of a kind that this npm does not know (pnpm, yarn or a newer npm); "
            "`node` under [frontend] chooses npm",
        ),
        (
            r"compatible with lockfileVersion@?\d.*generated for lockfileVersion|old lockfile.*lockfileVersion",
            "package-lock.json is of another npm: name the team's version by `node` under [frontend]",
        ),
        (r"`npm ci` (can only install packages when|command can only install)", _LOCK_HINT),
        (
            r"Unexpected platform or architecture: linux[/ ](?:arm64|aarch64)",
            'phantomjs has no binary for arm64: set platform = "linux/amd64" under [frontend], '
            "or test in headless Chromium as `dfdev frontend init` sets it up",
        ),
        (
            r"Please report this full log at \S*/phantomjs",
            "PHANTOMJS_CDNURL=URL in your environment names a mirror of phantomjs's downloads, then again",
        ),
    )
)


def hint_for(line: str) -> str | None:
    """What to type after this line of a tool (without colours), None when it is not known for anything."""
    for symptom in _SYMPTOMS:
        found = symptom.pattern.search(line)
        if found:
            return symptom.hint.format(*(typed("", word) for word in found.groups()))
    return None


class Symptoms:
    """Listens to output as it passes, in pieces of any length."""

    def __init__(self) -> None:
        self._rest = b""
        self._found: dict[str, None] = {}

    def feed(self, piece: bytes) -> None:
        """Cheap where nothing is amiss: whole lines are searched for a few words."""
        text = self._rest + piece if self._rest else piece
        end = max(text.rfind(b"\n"), text.rfind(b"\r")) + 1
        if end:
            self._look(text[:end])
        self._rest = text[end:]
        if len(self._rest) > _LONGEST:
            self._look(self._rest)
            self._rest = self._rest[-_OVERLAP:]

    @property
    def hints(self) -> tuple[str, ...]:
        """Each once, in the order of their symptoms. A task that a missing plugin would have made needs no own."""
        found = self._with_rest()
        if any(hint.startswith("dfdev npm install --save-dev ") for hint in found):
            found.pop(_TASK_HINT, None)
        return tuple(found)

    def _with_rest(self) -> dict[str, None]:
        return {**self._found, **dict.fromkeys(_hints(self._rest))}

    def _look(self, text: bytes) -> None:
        self._found.update(dict.fromkeys(_hints(text)))


def _hints(text: bytes) -> Iterable[str]:
    bare = _ESCAPES.sub(b"", text) if b"\x1b" in text else text
    if any(needle in bare for needle in _NEEDLES):
        for line in _BREAK.split(bare):
            hint = hint_for(line.decode("utf-8", "replace"))
            if hint:
                yield hint
