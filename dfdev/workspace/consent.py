"""What a workspace may do to this computer beyond its containers: asked about once, remembered by the user.

Three things: folders outside DFHOME, an engine at another address, and a dfdev.toml of somebody else's. What was agreed
to is kept for each DFHOME in `allowed.toml`, beside the user's `config.toml`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec

from dfdev.core.typed import typed
from dfdev.errors import ConfigError
from dfdev.workspace.disk import is_file
from dfdev.workspace.problem import WorkspaceError, quoted
from dfdev.workspace.schema import Granted, Machine
from dfdev.workspace.toml_file import read_toml
from dfdev.workspace.user import user_config_path
from dfdev.workspace.workspace import Workspace

Kind = Literal["folders", "engines", "owners"]
FILE = "allowed.toml"
LINE = "`dfdev allow` shows what it asks for, and remembers your answer"
_HEAD = "# What workspaces may do beyond their containers, as you were asked. Take a line out to be asked again.\n"


class Ask(NamedTuple):
    """`value`: what is remembered: a folder's real path, an engine's address, a user's number. `text`: the question."""

    kind: Kind
    value: str
    text: str


class NotAllowed(ConfigError):
    """The user has not been asked yet."""

    def __init__(self, ask: Ask, message: str) -> None:
        super().__init__(message, LINE)
        self.ask = ask


def asks_of(error: ConfigError) -> tuple[Ask, ...]:
    """What the user could allow, so that the error goes away; () for one with other causes."""
    if isinstance(error, NotAllowed):
        return (error.ask,)
    problems = error.problems if isinstance(error, WorkspaceError) else ()
    if not all(problem.allow for problem in problems):
        return ()
    asks = {
        p.allow: Ask("folders", p.allow, f"{p.key} is {p.allow}, outside DFHOME. Let this workspace have it?")
        for p in problems
    }
    return tuple(asks.values())


def must_be_trusted(home: Path, names: Iterable[str], granted: Granted, environ: Mapping[str, str]) -> None:
    """NotAllowed: DFHOME or one of its files is another user's. Root's are everybody's: who is root does without dfdev.
    Who became root by sudo is still the one who typed it.
    """
    me, sudo = os.geteuid(), environ.get("SUDO_UID", "")
    own = {me, 0, *([int(sudo)] if me == 0 and sudo.isdecimal() else [])}
    for path in (home, *(home / name for name in names)):
        try:
            uid = path.stat().st_uid
        except OSError:
            continue
        if uid not in own and str(uid) not in granted.owners:
            raise _not_trusted(path, uid)


def machine_of(workspace: Workspace, environ: Mapping[str, str]) -> Machine:
    """`[machine]` of dfdev.toml. NotAllowed: it names an engine elsewhere, which the environment does not override."""
    machine = workspace.config.machine
    by_environment = environ.get("DOCKER_HOST") or environ.get("DOCKER_CONTEXT")
    if machine.provider != "ssh" or not machine.profile or by_environment:
        return machine
    must_be_allowed(workspace, machine.profile)
    return machine


def must_be_allowed(workspace: Workspace, engine: str) -> None:
    """`engine`: elsewhere, as dfdev.toml names it: an address, or a product and its machine in a cloud. NotAllowed."""
    if engine not in workspace.granted.engines:
        text = f"{workspace.name} runs its containers on {engine}, another computer. Let it?"
        raise NotAllowed(
            Ask("engines", engine, text), f"machine: dfdev.toml leads to the engine {engine}, which nobody allowed"
        )


def read_granted(home: Path, environ: Mapping[str, str]) -> Granted:
    """What the user has agreed to for that DFHOME. ConfigError: the file is there and does not hold."""
    return _read(_file(environ)).get(str(home), Granted())


def remember(home: Path, asks: Iterable[Ask], environ: Mapping[str, str]) -> Path:
    """The file that has it now. ConfigError: it cannot be written."""
    file = _file(environ)
    if file is None:
        raise ConfigError("nobody knows where your settings are: HOME is not set", "set HOME")
    everything = dict(_read(file))
    granted = everything.get(str(home), Granted())
    for ask in asks:
        known = getattr(granted, ask.kind)
        granted = msgspec.structs.replace(granted, **{ask.kind: tuple(dict.fromkeys((*known, ask.value)))})
    _write(file, _HEAD + "".join(_section(name, one) for name, one in {**everything, str(home): granted}.items()))
    return file


def _not_trusted(path: Path, uid: int) -> NotAllowed:
    who = f"{_name(uid)} (user {uid})"
    text = f"{path} belongs to {who}, not to you. Do what its dfdev.toml says?"
    return NotAllowed(Ask("owners", str(uid), text), f"{path} belongs to {who}, and you were not asked about that")


def _name(uid: int) -> str:
    import pwd

    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return "somebody"


def _file(environ: Mapping[str, str]) -> Path | None:
    config = user_config_path(environ)
    return config.with_name(FILE) if config is not None else None


def _read(file: Path | None) -> Mapping[str, Granted]:
    if file is None or not is_file(file):
        return {}
    try:
        return msgspec.convert(read_toml(file), dict[str, Granted])
    except msgspec.ValidationError as error:
        raise ConfigError(f"{file} is not what dfdev wrote: {error}", f"mend it, or {typed('rm', file)}") from error


def _section(home: str, granted: Granted) -> str:
    lists = ((name, getattr(granted, name)) for name in Granted.__struct_fields__)
    lines = [f"{name} = [{', '.join(map(quoted, values))}]\n" for name, values in lists if values]
    return f"\n[{quoted(home)}]\n{''.join(lines)}"


def _write(file: Path, text: str) -> None:
    import tempfile

    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
        Path(name).replace(file)
    except OSError as error:
        raise ConfigError(f"cannot write {file}: {error.strerror}", typed("ls -ld", file.parent)) from error
