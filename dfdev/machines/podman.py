"""Podman machine: a Fedora CoreOS machine with Podman's imitation of the Engine API.

Sources: podman-container-tools/podman cmd/podman/machine/{list,inspect,ssh,init}.go, pkg/machine/config.go,
pkg/domain/entities (ListReporter), containers/common pkg/config/default_{darwin,linux}.go, podman PR #14448, #28527.
"""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from dfdev.core.frozen import dataclass
from dfdev.core.machine import Capabilities, Machine, Share, State
from dfdev.core.providers import PODMAN_DEFAULT
from dfdev.errors import MachineError
from dfdev.machines.output import Json, asked, at_least, list_of, object_of, objects, text_of
from dfdev.machines.protocol import Argv
from dfdev.system.commands import Commands

name = "podman"
title = "Podman machine"
program = "podman"
install = "brew install podman docker && podman machine init --now"

LIST = ("podman", "machine", "list", "--format", "json")
INSPECT = ("podman", "machine", "inspect")
VERSION = ("podman", "--version")
SELF_SYNC = 10.0
"""Podman 6 and later set the guest's time when the Mac wakes; how long that takes is not documented."""

_STATES: Mapping[str, State] = {
    "running": "running",
    "stopped": "stopped",
    "starting": "starting",
    "stopping": "stopping",
    "paused": "paused",
}


@dataclass(frozen=True)
class Listed:
    """One entry of `podman machine list`."""

    name: str
    state: State
    default: bool


@dataclass(frozen=True)
class Inspected:
    """One entry of `podman machine inspect`. `socket`, `config`: paths, "" when not told."""

    name: str
    state: State
    word: str
    rootful: bool | None
    socket: str
    config: str


def parse_list(text: str) -> list[Listed]:
    """Before Podman 4.1 there is no `Starting`, and the default machine's name may end in `*`. MachineError."""
    return [
        Listed(text_of(item, "Name").rstrip("*"), _listed_state(item), item.get("Default") is True)
        for item in objects(text, LIST)
        if text_of(item, "Name")
    ]


def parse_inspect(text: str) -> list[Inspected]:
    """An array, of one object per machine. MachineError."""
    return [_inspected(item) for item in objects(text, INSPECT) if text_of(item, "Name")]


def parse_mounts(text: str) -> tuple[Share, ...] | None:
    """Of the machine's own configuration file: `Mounts` with Source, Target and ReadOnly; None: not told."""
    try:
        item = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(item, dict) or not isinstance(item.get("Mounts"), list):
        return None
    return tuple(
        Share(text_of(mount, "Source"), writable=mount.get("ReadOnly") is not True)
        for mount in list_of(item, "Mounts")
        if text_of(mount, "Source").startswith("/") and text_of(mount, "Source") == text_of(mount, "Target")
    )


def installed(commands: Commands) -> str:
    return commands.which(program) or ""


def machines(commands: Commands, platform: str = sys.platform) -> list[Machine]:
    listed = parse_list(asked(commands, LIST))
    if not listed:
        return []
    details = _details(commands, [entry.name for entry in listed])
    version, defaults = _version(commands), _default_shares(commands.environ, platform)
    told = any(entry.default for entry in listed)
    return [
        _machine(
            entry if told else replace(entry, default=entry.name == PODMAN_DEFAULT),
            details.get(entry.name),
            version,
            defaults,
        )
        for entry in listed
    ]


def capabilities(machine: Machine) -> Capabilities:
    sync = SELF_SYNC if at_least(machine.version, 6, 0) else 0.0
    return Capabilities(True, True, True, sync, "error")


def start(machine: Machine) -> Sequence[Argv]:
    return [("podman", "machine", "start", machine.name)]


def stop(machine: Machine) -> Sequence[Argv]:
    return [("podman", "machine", "stop", machine.name)]


def restart(machine: Machine) -> Sequence[Argv]:
    return [*stop(machine), *start(machine)]


def shell(machine: Machine) -> Argv:
    return ("podman", "machine", "ssh", machine.name)


def root(machine: Machine) -> Argv:
    return (*shell(machine), "sudo", "sh", "-s")


def share_hint(machine: Machine, folder: str) -> str:
    """The volumes of a machine are settled when it is made."""
    volumes = [share.path for share in machine.shares or () if share.path != folder] + [folder]
    flags = " ".join(f"-v {shlex.quote(f'{path}:{path}')}" for path in volumes)
    return f"only a new machine can have it: `podman machine init {flags} --now dfdev` (this one stays as it is)"


def _listed_state(item: Json) -> State:
    if item.get("Starting") is True:
        return "starting"
    return "running" if item.get("Running") is True else "stopped"


def _inspected(item: Json) -> Inspected:
    word, rootful = text_of(item, "State"), item.get("Rootful")
    title = text_of(item, "Name")
    folder = text_of(object_of(item, "ConfigDir"), "Path")
    return Inspected(
        name=title,
        state=_STATES.get(word, "unknown"),
        word=word,
        rootful=rootful if isinstance(rootful, bool) else None,
        socket=text_of(object_of(item, "ConnectionInfo", "PodmanSocket"), "Path"),
        config=f"{folder}/{title}.json" if folder else text_of(object_of(item, "ConfigPath"), "Path"),
    )


def _details(commands: Commands, names: Sequence[str]) -> dict[str, Inspected]:
    """By name; nothing from a Podman (before 4.0) that cannot inspect machines."""
    try:
        return {entry.name: entry for entry in parse_inspect(asked(commands, (*INSPECT, *names)))}
    except MachineError:
        return {}


def _version(commands: Commands) -> str:
    try:
        return asked(commands, VERSION).strip().rpartition(" ")[2]
    except MachineError:
        return ""


def _machine(listed: Listed, found: Inspected | None, version: str, defaults: tuple[Share, ...]) -> Machine:
    if found is None:
        return Machine(name, listed.name, listed.state, default=listed.default, shares=defaults, version=version)
    mounts = _mounts(found.config)
    return Machine(
        provider=name,
        name=listed.name,
        state=found.state if found.word else listed.state,
        word=found.word,
        host=f"unix://{found.socket}" if found.socket else "",
        default=listed.default,
        rootless=None if found.rootful is None else not found.rootful,
        shares=defaults if mounts is None else mounts,
        version=version,
    )


def _mounts(path: str) -> tuple[Share, ...] | None:
    try:
        return parse_mounts(Path(path).read_text("utf-8", "replace")) if path else None
    except OSError:
        return None


def _default_shares(environ: Mapping[str, str], platform: str) -> tuple[Share, ...]:
    paths = ("/Users", "/private", "/var/folders") if platform == "darwin" else (environ.get("HOME", ""),)
    return tuple(Share(path) for path in paths)
