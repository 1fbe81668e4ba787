"""What a command needs of the modules, from its words. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

Need = Literal["plain", "modules", "changes", "components"]
"""plain: nothing; modules: what the lockfile says must be there; changes, components: the command changes the modules,
or bower's components, itself.
"""

_CHANGES = frozenset((
    "install", "i", "in", "ins", "inst", "isnt", "isntall", "add", "ci", "clean-install", "ic", "isntall-clean",
    "install-ci-test", "cit", "install-test", "it", "uninstall", "un", "unlink", "remove", "rm", "r", "update",
    "up", "upgrade", "udpate", "dedupe", "ddp", "prune", "link", "rebuild", "rb", "audit", "shrinkwrap", "ln",
))  # fmt: skip
_MODULES = frozenset((
    "run", "run-script", "rum", "urn", "test", "t", "tst", "start", "stop", "restart", "exec", "x", "explain",
    "why", "ls", "list", "la", "ll", "outdated", "sbom", "query", "fund", "find-dupes", "pack", "publish",
    "version",
))  # fmt: skip
"""Source: npm's lib/utils/cmd-list.js, aliases included."""

COMPONENTS = frozenset(("install", "i", "update", "uninstall", "rm", "un", "unlink", "link", "ln", "prune"))
"""What bower does to its components."""


def need_of(tool: str, args: Sequence[str]) -> Need:
    """`tool`: grunt, bower, npm, npx, or any other program, which may use the modules."""
    if tool == "npm":
        return _of_npm(args)
    if tool == "bower":
        return "components" if COMPONENTS.intersection(words_of(args)[:1]) else "plain"
    return "plain" if _only_asks(args) else "modules"


def _of_npm(args: Sequence[str]) -> Need:
    words = words_of(args)
    if not words or "--global" in args or "-g" in args:
        return "plain"
    if words[0] in _CHANGES:
        return "changes"
    return "modules" if words[0] in _MODULES else "plain"


def words_of(args: Sequence[str]) -> list[str]:
    """Without the options."""
    return [arg for arg in args if not arg.startswith("-")]


def _only_asks(args: Sequence[str]) -> bool:
    return len(args) == 1 and args[0] in ("--version", "-V", "-v", "--completion")
