"""A hint is pasted: a name or a path in a line to type is quoted there, in every file."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import dfdev

_ROOT = Path(dfdev.__file__).parent
_QUOTES = {"typed", "shlex.quote", "shlex.join"}
_PROGRAMS = "dfdev docker docker-machine ls rm mkdir mv cp ln cd chmod chown sudo ssh colima limactl podman rdctl orb"
_BARE = re.compile(rf"(?:^|; |, or )(?:{'|'.join(_PROGRAMS.split())}) [^`;:]*$")


def _safe(node: ast.expr, known: set[str]) -> bool:
    """A call that quotes, what was made by one, or text of ours."""
    match node:
        case ast.Call(ast.Attribute(ast.Constant(), "join"), [ast.GeneratorExp(part)]):
            return _safe(part, known)
        case ast.Call(called):
            return ast.unparse(called) in _QUOTES
        case ast.Name(name):
            return name in known or name.isupper()
        case ast.IfExp(_, one, other):
            return _safe(one, known) and _safe(other, known)
        case ast.JoinedStr(parts):
            return all(_safe(p.value, known) for p in parts if isinstance(p, ast.FormattedValue))
    return isinstance(node, ast.Constant)


def _made(function: ast.AST) -> set[str]:
    """Names of a function that only ever hold what is safe."""
    known: set[str] = set()
    for _ in range(3):
        safe, other = set[str](), set[str]()
        for node in ast.walk(function):
            for name, value in _assigned(node):
                (safe if _safe(value, known) else other).add(name)
        known = safe - other
    return known


def _assigned(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    match node:
        case ast.Assign([ast.Name(name)], value):
            yield name, value
        case ast.Assign([ast.Tuple(names)], ast.Tuple(values)):
            yield from (
                (name.id, value) for name, value in zip(names, values, strict=True) if isinstance(name, ast.Name)
            )


def _unquoted(text: ast.JoinedStr, known: set[str]) -> Iterator[str]:
    before = ""
    for part in text.values:
        if isinstance(part, ast.Constant):
            before += str(part.value)
        elif isinstance(part, ast.FormattedValue):
            in_a_line = before.count("`") % 2 == 1 or _BARE.search(before)
            if in_a_line and not _safe(part.value, known):
                yield ast.unparse(part.value)
            before += "…"


def _found(tree: ast.AST) -> Iterator[str]:
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    for function in functions:
        known = _made(function)
        for node in ast.walk(function):
            if isinstance(node, ast.JoinedStr):
                yield from _unquoted(node, known)


_OURS: dict[str, set[str]] = {
    "__main__.py": {"__version__"},
    "cli/app.py": {"__version__"},
    "cli/clocking.py": {"place.label", "seen"},  # "dfdev does not set the clock of …"
    "cli/demoing.py": {"way"},  # made by `typed` in a function of its own
    "cli/machining.py": {"place.label", "verb"},  # "dfdev cannot …"; our three verbs
    "cli/mysql_state.py": {"what"},  # reset or restore
    "cli/refused.py": {"_shown(word)", "path", "word"},  # what was typed, told; `path` is a command of ours
    "engine/hints.py": {"product"},  # its name is by `typed`
    "frontend/answering.py": {"found.question", "found.text or 'Enter'"},  # "dfdev answered …"
    "frontend/image.py": {"plan.target"},  # a line of a Dockerfile
    "images/decide.py": {"known"},  # of our catalog
    "machines/choose.py": {"start"},  # how a provider is installed
    "machines/docker_machine.py": {"share"},  # letters, figures and dashes
    "mysql/sql_file.py": {"first", "name", "self._into"},  # names in SQL's quotes, told
    "system/child.py": {"program"},  # of ours, found in PATH
    "system/dialogue.py": {"self._title"},  # made by `shlex.join`
    "system/lock.py": {"what"},  # our own command, told
    "trust/added.py": {"fact.issuer", "shown"},  # behind FILE; behind the line
}
"""File -> what stands in such a line and cannot be somebody else's, or is not there to be typed, and why."""


def test_what_is_not_ours_is_quoted_in_every_line_to_type() -> None:
    found = {str(f.relative_to(_ROOT)): set(_found(ast.parse(f.read_text("utf-8")))) for f in _ROOT.rglob("*.py")}
    assert {name: what for name, what in found.items() if what} == _OURS


def test_the_walk_sees_a_name_that_is_not_quoted() -> None:
    code = (
        "def f(a, b):\n    c = typed('ls', a)\n    g(f'`{c}` then `rm {b}`', f'rm {a}', f'`{typed(a)}`', f'{a} is')\n"
    )
    assert sorted(_found(ast.parse(code))) == ["a", "b"]
