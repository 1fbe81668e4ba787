"""What the scaffold's files need of a package.json that is there already. Pure, on its text."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import field
from typing import Any

from dfdev.core.frozen import dataclass
from dfdev.errors import ConfigError

_GROUPS = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies")
_INDENT = re.compile(rb"^([ \t]+)\S", re.MULTILINE)


@dataclass(frozen=True)
class Needs:
    """`modules`: name -> range. `seen`: the modules of the template that the developer saw last, None for never: one of
    those that is missing was removed, and one that is still as it was may be a newer one.
    """

    modules: Mapping[str, str]
    scripts: Mapping[str, str]
    seen: Mapping[str, str] | None = field(default=None)

    @classmethod
    def of(cls, template: bytes, *, only: Collection[str], seen: Mapping[str, str] | None) -> Needs:
        """`only`: of all its modules these alone, and no script; () for all."""
        whole, modules = json.loads(template), modules_of(template)
        if only:
            return cls({name: modules[name] for name in only}, {}, seen)
        return cls(modules, whole["scripts"] if seen is None else {}, seen)


def modules_of(template: bytes) -> dict[str, str]:
    """The devDependencies of the template's package.json."""
    found: dict[str, str] = json.loads(template)["devDependencies"]
    return found


def merged(there: bytes, needs: Needs) -> bytes:
    """The same bytes where nothing is missing. ConfigError: a list where there should be names and ranges.

    There must be JSON: who read it has seen to that.
    """
    package: dict[str, Any] = json.loads(there.decode("utf-8-sig"))
    groups = {name: _group(package, name) for name in (*_GROUPS, "scripts")}
    modules, scripts = _modules(groups, needs), {k: v for k, v in needs.scripts.items() if k not in groups["scripts"]}
    if not modules and not scripts:
        return there
    if scripts:
        package["scripts"] = groups["scripts"] | scripts
    for name, version in modules.items():
        group = _group_of(groups, name)
        groups[group][name] = version
        package[group] = dict(sorted(groups[group].items()))
    return _written(package, there)


def _modules(groups: Mapping[str, Mapping[str, Any]], needs: Needs) -> dict[str, str]:
    """What is to be added, or to be newer."""
    has = {name: version for group in _GROUPS for name, version in groups[group].items()}
    seen = needs.seen or {}
    return {
        name: version
        for name, version in needs.modules.items()
        if (name not in seen if name not in has else has[name] == seen.get(name) != version)
    }


def _group_of(groups: Mapping[str, Mapping[str, Any]], name: str) -> str:
    return next((group for group in _GROUPS if name in groups[group]), "devDependencies")


def _group(package: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = package.get(name, {})
    if not isinstance(found, dict):
        raise ConfigError(f"package.json: {name}: not an object with names and values", "mend package.json")
    return dict(found)


def _written(package: Mapping[str, Any], like: bytes) -> bytes:
    """Indented as it was; npm itself does the same."""
    found = _INDENT.search(like)
    text = json.dumps(package, ensure_ascii=False, indent=found[1].decode() if found else 2)
    end = "\n" if like.endswith(b"\n") else ""
    new = f"{text}{end}".replace("\n", "\r\n") if b"\r\n" in like else f"{text}{end}"
    return new.encode()
