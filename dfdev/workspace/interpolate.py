"""`${VAR}` and `${VAR:-default}` in texts, by python-dotenv's own variable parser. Pure.

Its rules (python-dotenv 1.2.4, dotenv/variables.py): `$VAR` stays as it is; the default counts only
when VAR is unset, so an empty VAR gives an empty text; no nesting, no `${VAR-x}`, no `${VAR:?x}`.
Ours on top: `$${VAR}` is the literal `${VAR}`, for a command that wants the container's variable.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from dfdev.workspace.origin import Variable

LONGEST, MOST = 128 << 10, 16 << 20
"""Characters of a text once its variables are replaced (what Linux allows a variable), and of all such texts."""
_OPEN = "${"
_ESCAPED = "$${"


class EnvValue(NamedTuple):
    """A variable's text, the layer it comes from, and whether it must not be shown."""

    text: str
    layer: str
    secret: bool


Lookup = Callable[[str], EnvValue | None]


class Expansion(NamedTuple):
    """`unset`: names without value and default. `malformed`: a `${` that is neither of the two forms. `endless`: the
    text became longer than any may be, and was left.
    """

    text: str
    variables: tuple[Variable, ...] = ()
    unset: tuple[str, ...] = ()
    malformed: bool = False
    endless: bool = False


def expand(text: str, lookup: Lookup) -> Expansion:
    """The text with its variables replaced; values are taken as they are, never expanded again."""
    if _OPEN not in text:
        return Expansion(text)
    if len(text) > LONGEST:
        return Expansion("", endless=True)
    parts: list[Expansion] = []
    room = LONGEST
    for part in text.split(_ESCAPED):
        parts.append(_expand_part(part, lookup, room))
        room -= len(parts[-1].text)
        if parts[-1].endless:
            return Expansion("", endless=True)
    return Expansion(
        text=_OPEN.join(p.text for p in parts),
        variables=tuple(v for p in parts for v in p.variables),
        unset=tuple(name for p in parts for name in p.unset),
        malformed=any(p.malformed for p in parts),
    )


def _expand_part(text: str, lookup: Lookup, room: int) -> Expansion:
    """`room`: characters that it may become."""
    from dotenv.variables import Variable as Reference
    from dotenv.variables import parse_variables

    words: list[str] = []
    variables: list[Variable] = []
    unset: list[str] = []
    malformed = False
    for atom in parse_variables(text):
        if not isinstance(atom, Reference):
            word = atom.resolve({})
            malformed = malformed or _OPEN in word
            words.append(word)
            continue
        malformed = malformed or _OPEN in (atom.default or "")
        value = lookup(atom.name) or _default(atom.default)
        if value is None:
            unset.append(atom.name)
            continue
        words.append(value.text)
        room -= len(value.text)
        if room < 0:
            return Expansion("", endless=True)
        variables.append(Variable(atom.name, value.layer, value.secret))
    return Expansion("".join(words), tuple(variables), tuple(unset), malformed)


def _default(text: str | None) -> EnvValue | None:
    return None if text is None else EnvValue(text, "default", secret=False)
