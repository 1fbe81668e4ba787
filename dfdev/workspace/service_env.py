"""A service's environment: its env files, lowest first, then its `env` table."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from dfdev.workspace.disk import exists
from dfdev.workspace.env import Env, EnvLayer, merge_env, read_env_file
from dfdev.workspace.gate import FILE, Gate
from dfdev.workspace.problem import Parts, Problem, key_path
from dfdev.workspace.schema import Service
from dfdev.workspace.values import env_text


class ServiceEnv(NamedTuple):
    values: Mapping[str, str]
    problems: tuple[Problem, ...] = ()


def service_env(name: str, service: Service, gate: Gate, env: Env) -> ServiceEnv:
    """Values of the files are interpolated over the workspace's environment; a bare NAME takes it from there."""
    values: dict[str, str] = {}
    problems: list[Problem] = []
    for at, text in _files(name, service):
        file = _read(text, at, gate, env)
        values |= file.values
        problems += file.problems
    values |= {key: env_text(value) for key, value in service.env.items()}
    return ServiceEnv(values, tuple(problems))


def _files(name: str, service: Service) -> list[tuple[Parts, str]]:
    at: Parts = ("services", name, "env_file")
    if isinstance(service.env_file, str):
        return [(at, service.env_file)] if service.env_file else []
    return [((*at, index), text) for index, text in enumerate(service.env_file)]


def _read(text: str, at: Parts, gate: Gate, env: Env) -> ServiceEnv:
    key = key_path(at)
    outside = gate.problem(key, text, FILE)
    if outside is not None:
        return ServiceEnv({}, (outside,))
    path = gate.real(text)
    if not exists(path):
        problem = Problem(key, "a file of NAME=value lines", f"nothing at {path}", "write the file, or take it out")
        return ServiceEnv({}, (problem,))
    file = read_env_file(path, path.name, gate)
    layers = [EnvLayer("workspace", env, literal=True), EnvLayer(path.name, file.values)]
    merged, circles = merge_env(layers, Path(env["DFHOME"]))
    values = {name: merged[name] for name in file.values}
    values |= {name: env[name] for name in file.bare if name in env}
    return ServiceEnv(values, tuple(p._replace(key=f"{key} ({p.key})", file="") for p in file.problems + circles))
