"""The front-end folder as its own files describe it: what `[frontend]` does not say is read from them."""

from __future__ import annotations

import codecs
import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dfdev.core.frozen import dataclass
from dfdev.core.hashing import add
from dfdev.core.typed import typed
from dfdev.errors import ConfigError
from dfdev.workspace.disk import exists, is_folder
from dfdev.workspace.gate import Gate
from dfdev.workspace.node_version import DEFAULT, of_engines, of_nvmrc
from dfdev.workspace.schema import Frontend
from dfdev.workspace.workspace import Workspace

INSIDE = "/work"
"""Where DFHOME is in the front-end containers: the same on every computer, so that what is built there is too."""
LOCKS = ("npm-shrinkwrap.json", "package-lock.json")
_MODULES = "bower_components"
_NODE_HINT = 'write its number into .nvmrc, as in 20.11; or node = "20.11" under [frontend] in dfdev.toml'
_INIT = "`dfdev frontend init` makes a front end; `[frontend] dir` in dfdev.toml names one that is there"


@dataclass(frozen=True)
class Project:
    """`folder`: its real path; `inside`: the same in the container. `node`: "24", "10.24.1", "0.10".

    `lock`: the lockfile's name, "" without one. `modules`, `components`: what the installed modules and the bower
    components depend on, as hashes of 12 hex digits; "" where there is nothing to install from.
    `components_folder`: relative to `folder`.
    """

    folder: Path
    inside: str
    node: str
    lock: str
    modules: str
    components: str
    components_folder: str


def frontend_of(workspace: Workspace) -> Frontend:
    """ConfigError where the workspace has none."""
    config = workspace.config.frontend
    if config is None or not config.dir:
        raise ConfigError("dfdev.toml has no front end: no `dir` under [frontend]", _INIT)
    return config


def project_of(workspace: Workspace) -> Project:
    """ConfigError: no such folder, outside DFHOME, or a file of it that cannot be read."""
    config = frontend_of(workspace)
    folder, gate = _folder(workspace, config), workspace.gate
    lock = next((name for name in LOCKS if exists(folder / name)), "")
    node = str(config.node) or node_of(gate, folder)
    bower = read_file(gate, folder / "bower.json")
    return Project(
        folder,
        f"{INSIDE}/{folder.relative_to(workspace.home).as_posix()}".rstrip("/."),
        node,
        lock,
        _digest(read_file(gate, folder / (lock or "package.json")), node, config.platform),
        _digest(bower, node, config.platform),
        _components_folder(gate, folder),
    )


def node_of(gate: Gate, folder: Path) -> str:
    """What `.nvmrc` or `engines` say, else the default. ConfigError: it is no version, or package.json no JSON."""
    return node_said(gate, folder) or DEFAULT


def node_said(gate: Gate, folder: Path) -> str:
    """The same; "" where neither says anything."""
    path = folder / ".nvmrc"
    try:
        found = of_nvmrc(_text(read_file(gate, path)))
    except ValueError as error:
        raise ConfigError(f"{path}: {str(error)!r} is no version of node that dfdev knows", _NODE_HINT) from None
    engines = read_json(gate, folder / "package.json").get("engines")
    wanted = str(engines.get("node") or "") if isinstance(engines, dict) else ""
    if found or not wanted.strip():
        return found
    if not (line := of_engines(wanted)):
        path = folder / "package.json"
        raise ConfigError(f"{path}: engines: no node that dfdev knows is in the range {wanted!r}", _NODE_HINT)
    return line


def read_json(gate: Gate, path: Path) -> Mapping[str, Any]:
    """{} where there is no such file. ConfigError names the place where it is no JSON object."""
    try:
        found = json.loads(read_file(gate, path).decode("utf-8-sig") or "{}")
    except ValueError as error:
        line = getattr(error, "lineno", 0)
        where = f"{path}:{line}:{getattr(error, 'colno', 0)}" if line else str(path)
        raise ConfigError(f"{where}: no JSON: {getattr(error, 'msg', error)}", f"mend {path.name}") from error
    if not isinstance(found, dict):
        raise ConfigError(f"{path}: not a JSON object", f"mend {path.name}")
    return found


def _folder(workspace: Workspace, config: Frontend) -> Path:
    folder = workspace.gate.inside("frontend.dir", config.dir)
    if not folder.is_relative_to(workspace.home):
        raise ConfigError(f"frontend.dir: {folder} is outside DFHOME ({workspace.home})", "name a folder inside DFHOME")
    if not is_folder(folder):
        raise ConfigError(f"frontend.dir: there is no folder {folder}", _INIT)
    return folder


def _components_folder(gate: Gate, folder: Path) -> str:
    """`.bowerrc` may name another; one that leaves the folder is bower's own business."""
    named = str(read_json(gate, folder / ".bowerrc").get("directory") or _MODULES)
    plain = os.path.normpath(named)
    return _MODULES if plain.startswith((os.sep, "..")) or plain == "." else plain


def _text(content: bytes) -> str:
    """Windows' shell writes UTF-16."""
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return content.decode("utf-16" if wide else "utf-8-sig", "replace")


def _digest(content: bytes, *more: str) -> str:
    if not content:
        return ""
    digest = hashlib.sha256()
    add(digest, content, *(text.encode() for text in more))
    return digest.hexdigest()[:12]


def read_file(gate: Gate, path: Path) -> bytes:
    """b"" where there is no such file. ConfigError: it leads outside, or cannot be read."""
    try:
        return gate.read("frontend.dir", path)
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise ConfigError(f"cannot read {path}: {error.strerror}", typed("ls -l", path)) from error
