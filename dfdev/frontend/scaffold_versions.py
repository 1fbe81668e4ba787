"""Which preset and which versions a scaffold has, and its files with them. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from dfdev.core.frozen import dataclass
from dfdev.errors import UsageError
from dfdev.frontend.image_plan import ImagePlan
from dfdev.frontend.platform import phantom_of

CURRENT, LEGACY = "current", "legacy"
PRESETS = (CURRENT, LEGACY)
PLATFORMS = {CURRENT: "", LEGACY: "linux/amd64"}
_NODES = {CURRENT: "24", LEGACY: "10"}
_OLDEST, _NEWEST_LEGACY = 18, 11
"""puppeteer needs 18; bower 1.3 and grunt 0.4 stop at 11."""
_VERSION = re.compile(r"\d+(\.\d+){0,2}(-[\w.]+)?", re.ASCII)


@dataclass(frozen=True)
class Versions:
    """`grunt`, `bower`: "" for the preset's own."""

    preset: str
    node: str
    grunt: str = ""
    bower: str = ""


def checked(asked: Versions) -> Versions:
    """What was typed, "" for what was not. UsageError."""
    if asked.preset and asked.preset not in PRESETS:
        raise UsageError(f"no preset {asked.preset!r}", f"--preset {' or '.join(PRESETS)}")
    for name in ("node", "grunt", "bower"):
        value = getattr(asked, name)
        if value and not _VERSION.fullmatch(value):
            raise UsageError(
                f"--{name} {value!r} is no version", f"--{name} {_NODES[CURRENT] if name == 'node' else '1.6.3'}"
            )
    return asked


def chosen(asked: Versions, before: Versions | None, said: str, package: Mapping[str, Any]) -> Versions:
    """`before`: what the scaffold has, None for none yet; `said`: the project's own word for its node, "" for none."""
    preset = asked.preset or (before.preset if before else _fitting(asked.node or said, package))
    same = before is not None and before.preset == preset
    old = before if before is not None and same else Versions(preset, _NODES[preset])
    return Versions(preset, asked.node or said or old.node, asked.grunt or old.grunt, asked.bower or old.bower)


def must_fit(versions: Versions, *, examples: bool) -> None:
    """UsageError: the preset's tools do not run on that node. `examples`: its Gruntfile comes with its modules."""
    major = _major(versions.node)
    if versions.preset == LEGACY and major > _NEWEST_LEGACY:
        raise UsageError(f"node {versions.node} does not run grunt 0.4 and bower 1.3", "--node 10, or --preset current")
    if versions.preset == CURRENT and examples and major < _OLDEST:
        raise UsageError(
            f"node {versions.node} does not run what the scaffold's tests need ({_OLDEST} or newer)",
            "--node 24, or --preset legacy with --node 10",
        )


def with_versions(template: Mapping[str, bytes], versions: Versions) -> dict[str, bytes]:
    """The template's files with these versions; without a lockfile where it would no longer be true."""
    files = dict(template)
    files["Dockerfile"] = _dockerfile(files["Dockerfile"].decode(), versions).encode()
    package = json.loads(files["package.json"])
    if versions.grunt and versions.grunt != package["devDependencies"]["grunt"]:
        package["devDependencies"]["grunt"] = versions.grunt
        files["package.json"] = f"{json.dumps(package, indent=2)}\n".encode()
        del files["package-lock.json"]
    return files


def without_grunt(template: Mapping[str, bytes], asked: Versions, folder: str) -> dict[str, bytes]:
    """The files for a project that npm's own scripts build. UsageError: a version of grunt was asked for."""
    if asked.grunt:
        raise UsageError(
            f"--grunt {asked.grunt}: {folder} is a project without a Gruntfile, which gets no grunt",
            "without --grunt; or add a Gruntfile.js first",
        )
    text = re.sub(rb"^(\s+)grunt build$", rb"\1npm run build", template["Dockerfile"], flags=re.MULTILINE)
    return {**template, "Dockerfile": text}


def _dockerfile(text: str, versions: Versions) -> str:
    args = {"BOWER": versions.bower}
    if versions.preset == LEGACY:
        args["NODE"] = versions.node
    else:
        args["BASE"] = ImagePlan("", "", versions.node).official
    for name, value in args.items():
        if value:
            text = re.sub(rf"^ARG {name}=.*$", f"ARG {name}={value}", text, count=1, flags=re.MULTILINE)
    return text


def _fitting(node: str, package: Mapping[str, Any]) -> str:
    """What a project stands on already."""
    modules = {**_dict(package.get("dependencies")), **_dict(package.get("devDependencies"))}
    old_grunt = re.match(r"\D*0\.", str(modules.get("grunt", ""))) is not None
    old = _major(node) <= _NEWEST_LEGACY if node else old_grunt or bool(phantom_of(package))
    return LEGACY if old else CURRENT


def _major(node: str) -> int:
    return int(node.partition(".")[0])


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
