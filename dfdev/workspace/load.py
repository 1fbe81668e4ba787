"""Files and environment -> one frozen `Workspace`, or every problem at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from dfdev.core.secrets import Secrets
from dfdev.errors import ConfigError
from dfdev.workspace.check import check
from dfdev.workspace.consent import must_be_trusted, read_granted
from dfdev.workspace.disk import exists
from dfdev.workspace.env import ENV_FILES, Env, EnvLayer, merge_env, read_env_file
from dfdev.workspace.gate import Gate
from dfdev.workspace.layers import Owners, merge, nearest
from dfdev.workspace.locate import MARKER, find_home
from dfdev.workspace.masking import ENVIRONMENT, LOCAL_ENV
from dfdev.workspace.mounts import bound, check_mounts, service_mounts
from dfdev.workspace.paths import check_paths
from dfdev.workspace.problem import HIDDEN, Problem, WorkspaceError, key_path
from dfdev.workspace.schema import Config, UserConfig
from dfdev.workspace.secret_values import learn_table, learn_variables, spare_names
from dfdev.workspace.service_env import service_env
from dfdev.workspace.slug import workspace_name
from dfdev.workspace.substitute import Substituted, substitute
from dfdev.workspace.toml_file import read_toml
from dfdev.workspace.user import read_user_config
from dfdev.workspace.values import env_text
from dfdev.workspace.workspace import Workspace

LOCAL = "dfdev.local.toml"
Committed = Callable[[Path], bool]


def open_workspace(
    home_flag: str | None,
    environ: Mapping[str, str],
    cwd: Path | None = None,
    *,
    secrets: Secrets,
    committed: Committed,
    files: bool = True,
) -> Workspace:
    """Find DFHOME and load it. `home_flag`: the value of --home; `secrets`: of this run, which learn those of it;
    `committed`: see `load`.
    """
    home = find_home(home_flag, environ, cwd)
    return load(home.path, environ, home_source=home.why, files=files, secrets=secrets, committed=committed)


def load(
    home: Path,
    environ: Mapping[str, str],
    *,
    home_source: str = "",
    user: UserConfig | None = None,
    files: bool = True,
    secrets: Secrets | None = None,
    committed: Committed = lambda path: True,
) -> Workspace:
    """The workspace of a real folder; `environ` is only read.

    `user`: by default the user's own file, found through `environ`.
    `files=False`: do not ask that mount sources and env files exist (`down` works without the code), nor where paths
    lead: whoever uses one asks the gate.
    `secrets`: learn what is secret in it, whether it holds or not.
    `committed`: whether a file may have come with the repository; asked about `.env.local` that leads outside.
    ConfigError: a file that cannot be read or parsed; NotAllowed: it is another user's; WorkspaceError: everything
    else, all at once.
    """
    try:
        own = user or read_user_config(environ)
        return _load(home, environ, home_source, own, files, secrets or Secrets(), committed)
    except RecursionError as error:
        raise ConfigError(f"{MARKER}: tables are nested too deeply", "a workspace needs no such nesting") from error


class _Read(NamedTuple):
    """What the files say, `${VAR}` replaced, and the problems of that."""

    config_files: tuple[Path, ...]
    env_files: tuple[Path, ...]
    env: Env
    raw: tuple[str, ...]
    owners: Owners
    texts: Substituted
    problems: tuple[Problem, ...]


def _read(gate: Gate, environ: Mapping[str, str], secrets: Secrets, committed: Committed) -> _Read:
    """Variables first: a file that cannot be read keeps none of them from being hidden."""
    home = gate.home
    config_files = tuple(p for p in (home / MARKER, home / LOCAL) if p.name == MARKER or exists(p))
    env_files = tuple(p for p in (home / name for name in ENV_FILES) if exists(p))
    env, raw, problems = _read_env(env_files, environ, gate, committed)
    learn_variables(secrets, env, (), raw)
    data, owners = merge(_read_all(config_files, gate))
    texts = substitute(data, owners, env.value)
    return _Read(config_files, env_files, env, raw, owners, texts, (*problems, *texts.problems))


def _load(
    home: Path,
    environ: Mapping[str, str],
    source: str,
    user: UserConfig,
    files: bool,
    secrets: Secrets,
    committed: Committed,
) -> Workspace:
    granted = read_granted(home, environ)
    must_be_trusted(home, (MARKER, LOCAL, *ENV_FILES), granted, environ)
    gate = Gate.of(home, (*user.mounts.allow, *granted.folders), environ)
    read = _read(gate, environ, secrets, committed)
    _learn(secrets, read)
    config, problems = _convert(read.texts)
    envs = {name: service_env(name, s, gate, read.env) for name, s in config.services.items()}
    learn_table(secrets, {name: result.values for name, result in envs.items()})
    mounts = {name: bound(name, s, gate) for name, s in config.services.items()}
    problems += check(config)
    if files:
        problems += check_mounts(mounts, gate)
        problems += check_paths(config, gate)
        problems += [p for result in envs.values() for p in result.problems]
    _raise_all([*read.problems, *problems], read.owners, read.texts)
    return Workspace(
        name=config.workspace.name or workspace_name(home.name),
        home=home,
        home_source=source,
        config=config,
        env=read.env,
        config_files=read.config_files,
        env_files=read.env_files,
        origins=read.texts.origins,
        mounts={name: service_mounts(found) for name, found in mounts.items()},
        service_env={name: result.values for name, result in envs.items()} | _mysql_env(config),
        user=user,
        gate=gate,
        granted=granted,
    )


def _learn(secrets: Secrets, read: _Read) -> None:
    learn_variables(secrets, read.env, read.texts.origins.values(), read.raw)
    learn_table(secrets, read.texts.data)
    spare_names(secrets, read.env["DFHOME"], read.texts.data)


def _mysql_env(config: Config) -> dict[str, Mapping[str, str]]:
    if config.mysql is None:
        return {}
    return {"mysql": {key: env_text(value) for key, value in config.mysql.env.items()}}


def _read_all(paths: Iterable[Path], gate: Gate) -> list[tuple[str, Mapping[str, Any]]]:
    """Every file, so that syntax errors in both are told at once."""
    layers: list[tuple[str, Mapping[str, Any]]] = []
    errors: list[ConfigError] = []
    for path in paths:
        try:
            layers.append((path.name, read_toml(path, gate)))
        except ConfigError as error:
            errors.append(error)
    if errors:
        first, *more = errors
        others = tuple(line for error in more for line in (error.message, *error.details))
        raise ConfigError(first.message, first.hint, details=first.details + others) from first
    return layers


def _read_env(
    paths: Iterable[Path], environ: Mapping[str, str], gate: Gate, committed: Committed
) -> tuple[Env, tuple[str, ...], list[Problem]]:
    """`raw`, the second: the values of the files, as they stand there."""
    layers: list[EnvLayer] = []
    problems: list[Problem] = []
    for path in paths:
        own = path.name == LOCAL_ENV and (gate.permits(path) or not committed(path))
        file = read_env_file(path, path.name, None if own else gate)
        layers.append(EnvLayer(path.name, file.values))
        problems += file.problems
    env, circles = merge_env([*layers, EnvLayer(ENVIRONMENT, environ, literal=True)], gate.home)
    raw = tuple(value for layer in layers for value in layer.values.values())
    return env, raw, [*problems, *circles]


def _convert(texts: Substituted) -> tuple[Config, list[Problem]]:
    try:
        return msgspec.convert(texts.data, Config), []
    except msgspec.ValidationError:
        from dfdev.workspace.shape import shape

        shaped = shape(Config, texts.data, lax=texts.expanded)
        return msgspec.convert(shaped.data, Config), list(shaped.problems)


def _raise_all(problems: Iterable[Problem], owners: Owners, texts: Substituted) -> None:
    """One problem per key, the first; in the order of the file; none that shows a secret."""
    secret = {key for at in texts.expanded if texts.origins[key := key_path(at)].secret}
    by_key: dict[str, Problem] = {}
    for problem in problems:
        shown = problem._replace(found=HIDDEN, hint="", allow="") if problem.key in secret else problem
        file = shown.file or owners.get(nearest(owners, problem.key), MARKER)
        by_key.setdefault(problem.key, shown._replace(file=file))
    if by_key:
        order = {key: number for number, key in enumerate(owners)}
        places = sorted(by_key.values(), key=lambda p: order.get(nearest(owners, p.key), -1))
        raise WorkspaceError(tuple(places))
