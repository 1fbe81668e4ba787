"""The files of a scaffold: read from the templates and from the folder; each is written whole or not at all."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Collection
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from dfdev.core.typed import typed
from dfdev.errors import ConfigError, DfdevError
from dfdev.frontend.scaffold import Folder, Memory
from dfdev.workspace.gate import FILE, Gate
from dfdev.workspace.project import read_json

MEMORY = ".dfdev-frontend.json"
_KEY = "frontend.dir"
_ANY_MODE = 0o666
"""Less the developer's umask."""


def read_template(templates: Path, preset: str) -> dict[str, bytes]:
    """Relative path -> content."""
    source = templates / "frontend" / preset
    paths = sorted(path for path in source.rglob("*") if path.is_file())
    return {path.relative_to(source).as_posix(): path.read_bytes() for path in paths}


def read_folder(gate: Gate, folder: Path, paths: Collection[str]) -> Folder:
    """DfdevError: it is a file, may not be read, or one of the paths leads outside."""
    try:
        names = frozenset(os.listdir(folder))  # noqa: PTH208
    except FileNotFoundError:
        return Folder()
    except OSError as error:
        raise _unreadable(folder, error) from error
    return Folder(names, {path: content for path in paths if (content := _read(gate, folder / path)) is not None})


def read_memory(gate: Gate, folder: Path) -> Memory | None:
    """None for a folder that was not scaffolded yet. ConfigError: it is no JSON, or not ours."""
    path = folder / MEMORY
    data = read_json(gate, path)
    if not data:
        return None
    texts = all(isinstance(data.get(name), str) for name in ("preset", "node"))
    tables = all(isinstance(data.get(name, {}), dict) for name in ("files", "modules"))
    if not texts or not tables or data["preset"] not in ("current", "legacy"):
        raise ConfigError(f"{path} is not what `dfdev frontend init` wrote", f"{typed('rm', path)}, then again")
    known = {name: data[name] for name in Memory.__dataclass_fields__ if name in data}
    return Memory(**known)


def write_memory(gate: Gate, folder: Path, memory: Memory) -> None:
    """DfdevError."""
    shown = {name: value for name, value in asdict(memory).items() if value}
    text = json.dumps(shown, ensure_ascii=False, indent=2, sort_keys=True)
    write(gate, folder / MEMORY, f"{text}\n".encode())


def write(gate: Gate, path: Path, content: bytes) -> None:
    """Behind a symbolic link the file that it names. DfdevError; WorkspaceError: that leads outside."""
    real = gate.inside(_KEY, path, FILE)
    try:
        real.parent.mkdir(parents=True, exist_ok=True)
        _replace(real, content)
    except OSError as error:
        reason = error.strerror or str(error)
        raise DfdevError(f"cannot write {path}: {reason}", typed("ls -ld", real.parent)) from error


def _replace(path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).chmod(_mode(path))
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def _mode(path: Path) -> int:
    try:
        return path.stat().st_mode & 0o7777
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        return _ANY_MODE & ~mask


def _read(gate: Gate, path: Path) -> bytes | None:
    try:
        return gate.read(_KEY, path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> DfdevError:
    return DfdevError(f"cannot read {path}: {error.strerror or error}", typed("ls -ld", path))
