"""`.env` < `.env.local` < the environment, merged first and interpolated once. `os.environ` is only read.

References see the merged map, whatever the order of lines and files; a variable that refers to
itself (`PATH=${PATH}:x`) sees the layer below its own. Values of the environment are taken as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from io import StringIO
from pathlib import Path
from typing import NamedTuple

from dfdev.errors import ConfigError
from dfdev.workspace.gate import FILE, Gate
from dfdev.workspace.interpolate import LONGEST, MOST, EnvValue, Expansion, expand
from dfdev.workspace.masking import LOCAL_ENV, is_secret_layer, is_secret_name
from dfdev.workspace.problem import Problem
from dfdev.workspace.toml_file import read_text

ENV_FILES = (".env", LOCAL_ENV)
_DEEPEST = 50

_VALUE = re.compile(r"\s*(?:export[^\S\r\n]+)?(?:'[^']+'|[^=#\s]+)[^\S\r\n]*=[^\S\r\n]*(['\"]?)")
"""As python-dotenv's parser: the name, and the quote that the value begins with."""
_ESCAPE = re.compile(r"\\\$\{|\\.", re.DOTALL)
_DOLLARS = {r"\${": "$${", r"\$": "$"}
_NESTED = re.compile(r"(?<!\$)\$\{[^}:]*:-[^}]*(?<!\$)\$\{")
_PAIR = re.compile(r"\$\$(?!\$*\{)")


class EnvLayer(NamedTuple):
    """Names and raw values of one layer; `literal`: its values are not interpolated."""

    name: str
    values: Mapping[str, str]
    literal: bool = False


class Env(Mapping[str, str]):
    """Every variable of the workspace, resolved. Read-only; its repr shows no values."""

    def __init__(self, values: Mapping[str, EnvValue]) -> None:
        self._values = dict(values)

    def __getitem__(self, name: str) -> str:
        return self._values[name].text

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"Env({len(self)} variables)"

    def value(self, name: str) -> EnvValue | None:
        """The text with its layer and whether it is secret; None: unset."""
        return self._values.get(name)


class EnvFile(NamedTuple):
    """What a file says. `bare`: names without `=`, whose value is the environment's."""

    values: Mapping[str, str]
    bare: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def read_env_file(path: Path, label: str, gate: Gate | None) -> EnvFile:
    """Read by python-dotenv's parser, not interpolated. Problems: unreadable, or lines that say nothing.

    `gate`: None for a file of the user's own, which may be a link to anywhere.
    """
    outside = gate.problem(label, path, FILE) if gate is not None else None
    if outside is not None:
        return EnvFile({}, (), (outside._replace(file=label, hint=_of_ones_own(label, outside.hint)),))
    try:
        text = read_text(path, gate)
    except ConfigError as error:
        problem = Problem(label, "a file of NAME=value lines", error.message, error.hint, label)
        return EnvFile({}, (), (problem,))
    return parse_env(text, label)


def _of_ones_own(label: str, hint: str) -> str:
    """What is committed is the team's, and names no file of whoever clones it."""
    if label != LOCAL_ENV:
        return hint
    return f"git tracks this link, or cannot tell; if it is yours: `git rm --cached {LOCAL_ENV}`; {hint}"


def parse_env(text: str, label: str) -> EnvFile:
    from dotenv.parser import parse_stream

    values: dict[str, str] = {}
    bare: list[str] = []
    problems: list[Problem] = []
    for binding in parse_stream(StringIO(text)):
        line = binding.original.line + _blank_lines_before(binding.original.string)
        if binding.error or (binding.key and "\0" in binding.key + (binding.value or "")):
            problems.append(_line_problem(label, line))
        elif binding.key is not None and binding.value is None:
            bare.append(binding.key)
        elif binding.key is not None and binding.value is not None:
            values[binding.key] = _as_compose(binding.value, binding.original.string)
    return EnvFile(values, tuple(bare), tuple(problems))


def _as_compose(value: str, line: str) -> str:
    """What compose makes of quotes and dollars, spelled for `expand`. Source: compose-go, dotenv/parser.go.

    Nothing is replaced inside single quotes; `\\$` in double quotes, and `$$` outside single ones, are a dollar.
    """
    start = _VALUE.match(line)
    quote = start[1] if start else ""
    if quote == "'":
        return value.replace("${", "$${")
    if quote == '"' and "\\$" in line:
        value = _parsed(_ESCAPE.sub(lambda found: _DOLLARS.get(found[0], found[0]), line)) or value
    return _PAIR.sub("$", value)


def _parsed(line: str) -> str | None:
    from dotenv.parser import parse_stream

    return next(parse_stream(StringIO(line))).value


def _blank_lines_before(text: str) -> int:
    return text[: len(text) - len(text.lstrip())].count("\n")


def _line_problem(label: str, line: int) -> Problem:
    hint = "close the quote, or quote a value with spaces"
    return Problem(f"{label} line {line}", "NAME=value", "something else", hint, label)


def merge_env(layers: list[EnvLayer], home: Path) -> tuple[Env, tuple[Problem, ...]]:
    """Layers, lowest first -> the merged map with DFHOME in it, and one problem per reference in a circle."""
    resolver = _Resolver([*layers, EnvLayer("DFHOME", {"DFHOME": str(home)}, literal=True)])
    names = dict.fromkeys(name for layer in resolver.layers for name in layer.values)
    values = {name: value for name in names if (value := resolver.resolve(name)) is not None}
    return Env(values), tuple(resolver.problems.values())


class _Resolver:
    """Resolves each name once, from the highest layer that has it."""

    def __init__(self, layers: list[EnvLayer]) -> None:
        self.layers = layers
        self.problems: dict[str, Problem] = {}
        self._known: dict[str, EnvValue | None] = {}
        self._room = MOST

    def resolve(self, name: str, stack: tuple[str, ...] = ()) -> EnvValue | None:
        if name not in self._known:
            self._known[name] = self._look(name, len(self.layers), stack)
        return self._known[name]

    def _look(self, name: str, below: int, stack: tuple[str, ...]) -> EnvValue | None:
        for index in reversed(range(below)):
            layer = self.layers[index]
            if name in layer.values:
                return self._value(name, layer, index, stack)
        return None

    def _value(self, name: str, layer: EnvLayer, index: int, stack: tuple[str, ...]) -> EnvValue:
        raw = layer.values[name]
        secret = is_secret_layer(layer.name, name) or is_secret_name(name)
        if layer.literal or "${" not in raw:
            return EnvValue(raw, layer.name, secret)

        def lookup(other: str) -> EnvValue | None:
            if other == name:
                return self._look(name, index, stack)
            if other in stack or len(stack) > _DEEPEST:
                self._circle(layer.name, (*stack, name, other))
                return None
            return self.resolve(other, (*stack, name))

        if _NESTED.search(raw):
            self._nested(layer.name, name)
        expansion = expand(raw, lookup) if self._room > 0 else Expansion("", endless=True)
        self._room -= len(expansion.text)
        if expansion.endless:
            self._endless(layer.name, name)
        return EnvValue(expansion.text, layer.name, secret or any(v.secret for v in expansion.variables))

    def _endless(self, file: str, name: str) -> None:
        expected, found = f"a value of at most {LONGEST >> 10} KiB", "more, once its references are replaced"
        self.problems.setdefault(file, Problem(f"{file} {name}", expected, found, "take references out", file))

    def _nested(self, file: str, name: str) -> None:
        hint = "give the inner one a line of its own, and name that one here"
        found = "another ${…} in the default"
        self.problems.setdefault(f"{file} {name}", Problem(f"{file} {name}", "a plain default", found, hint, file))

    def _circle(self, file: str, names: tuple[str, ...]) -> None:
        start = names.index(names[-1])
        found = " -> ".join(names[start:][: _DEEPEST // 5])
        self.problems.setdefault(
            file, Problem(f"{file} {names[-1]}", "a value that ends", found, "take one reference out", file)
        )
