"""What types cannot say about `[frontend]`: every problem of it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dfdev.workspace.problem import Problem, found, key_path
from dfdev.workspace.schema import Frontend
from dfdev.workspace.values import UnfitError, parse_argv

_NODE = re.compile(r"\d+(\.\d+){0,2}", re.ASCII)
_PLATFORM = re.compile(r"[a-z0-9]+/[a-z0-9_]+(/[a-z0-9]+)?", re.ASCII)


def check_frontend(config: Frontend) -> Iterator[Problem]:
    if not config.dir:
        yield Problem("frontend.dir", "the folder of the front end, relative to DFHOME", "nothing")
    if config.node != "" and not _NODE.fullmatch(str(config.node)):
        yield _problem("node", "a version of node: 24, 20.11.1", config.node)
    if config.platform and not _PLATFORM.fullmatch(config.platform):
        yield _problem("platform", "OS/ARCHITECTURE: linux/amd64", config.platform)
    if not config.output or config.output.startswith(("/", "..")):
        yield _problem("output", "a folder in the front end's: dist", config.output)
    for key in ("build", "watch_command"):
        try:
            if not parse_argv(getattr(config, key)):
                yield _problem(key, "a command", getattr(config, key))
        except UnfitError as unfit:
            yield Problem(f"frontend.{key}", unfit.expected, found(("frontend", key), getattr(config, key)), unfit.hint)


def _problem(key: str, expected: str, value: object) -> Problem:
    return Problem(key_path(("frontend", key)), expected, found(("frontend", key), value))
