"""The paths that the file names besides the services' mounts and env files: each at its key, through the gate."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from dfdev.workspace.gate import FILE, FOLDER, Gate
from dfdev.workspace.problem import Problem, key_path
from dfdev.workspace.schema import Config, Frontend

FRONTEND_LOGS = "run"
"""The folder in the front end's that its watcher logs to."""


class Named(NamedTuple):
    """A path as it is written. `base`: what it is relative to where that is not DFHOME."""

    key: str
    path: str
    expected: str
    base: Path | None = None


def check_paths(config: Config, gate: Gate) -> Iterator[Problem]:
    """Those that lead outside."""
    for named in _named(config, gate):
        problem = gate.problem(*named)
        if problem is not None:
            yield problem


def _named(config: Config, gate: Gate) -> Iterator[Named]:
    if config.registry is not None and config.registry.config:
        yield Named("registry.config", config.registry.config, FILE)
    if config.mysql is not None and config.mysql.fixtures:
        yield Named("mysql.fixtures", config.mysql.fixtures, FOLDER)
    if config.frontend is not None and config.frontend.dir:
        yield from _of_frontend(config.frontend, gate)
    for name, image in config.images.items():
        yield Named(key_path(("images", name, "dockerfile")), image.dockerfile, FILE)


def _of_frontend(config: Frontend, gate: Gate) -> Iterator[Named]:
    yield Named("frontend.dir", config.dir, FOLDER)
    folder = gate.real(config.dir)
    if not gate.permits(folder):
        return
    yield Named("frontend.output", config.output, FOLDER, folder)
    if config.watch:
        yield Named("frontend.watch", FRONTEND_LOGS, "a folder for its logs inside DFHOME", folder)
