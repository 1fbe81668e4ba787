"""Colima: one Lima instance per profile, with Docker in it.

Sources: abiosoft/colima cmd/{start,stop,list,ssh}.go, config/{files,profile}.go, environment/vm/lima/yaml.go,
environment/vm/lima/limautil/instance.go, docs/FAQ.md.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from dfdev.core.frozen import dataclass
from dfdev.core.machine import Capabilities, Machine, Share, State
from dfdev.core.typed import typed
from dfdev.errors import MachineError
from dfdev.machines import lima
from dfdev.machines.output import asked, objects, text_of
from dfdev.machines.protocol import Argv
from dfdev.system.commands import Commands

name = "colima"
title = "Colima"
program = "colima"
install = "brew install colima docker && colima start"

LIST = ("colima", "list", "--json")
"""And not `status --json`, which prints no JSON for a machine that is stopped."""


@dataclass(frozen=True)
class Profile:
    """One line of `colima list --json`. `runtime`: docker, containerd, docker+k3s …; "" of one that never ran, and
    before 0.10 of one that is stopped.
    """

    name: str
    state: State
    word: str
    runtime: str


def parse_list(text: str) -> list[Profile]:
    """MachineError. `name` is the profile's; the first Colimas printed the instance's."""
    return [
        Profile(
            _profile(text_of(item, "name")),
            _state(text_of(item, "status")),
            text_of(item, "status"),
            text_of(item, "runtime"),
        )
        for item in objects(text, LIST)
        if text_of(item, "name")
    ]


def home(environ: Mapping[str, str], platform: str = sys.platform) -> str:
    """Colima's folder, by its own rule: which of the candidates exists."""
    user = environ.get("HOME", "")
    given, xdg = environ.get("COLIMA_HOME", ""), environ.get("XDG_CONFIG_HOME", "")
    plain, config = f"{user}/.colima", f"{xdg or user + '/.config'}/colima"
    if given and Path(given).exists():
        return given.rstrip("/")
    if Path(plain).exists():
        return plain
    return config if xdg or platform != "darwin" or Path(config).exists() else plain


def installed(commands: Commands) -> str:
    return commands.which(program) or ""


def machines(commands: Commands) -> list[Machine]:
    profiles = parse_list(asked(commands, LIST))
    instances, version = _instances(commands) if profiles else ({}, "")
    folder = home(commands.environ)
    default = (Share(commands.environ.get("HOME", "")),)
    return [_machine(p, instances.get(_instance(p.name)), folder, default, version) for p in profiles]


def capabilities(machine: Machine) -> Capabilities:
    return Capabilities(True, True, True, lima.self_sync(machine.version), "empty")


def start(machine: Machine) -> Sequence[Argv]:
    return [("colima", "start", machine.name)]


def stop(machine: Machine) -> Sequence[Argv]:
    return [("colima", "stop", machine.name)]


def restart(machine: Machine) -> Sequence[Argv]:
    """Gentle, it would ask the engine that hangs to stop its containers."""
    return [("colima", "stop", "--force", machine.name), ("colima", "start", machine.name)]


def shell(machine: Machine) -> Argv:
    return ("colima", "ssh", "-p", machine.name, "--")


def root(machine: Machine) -> Argv:
    return (*shell(machine), "sudo", "sh", "-s")


def share_hint(machine: Machine, folder: str) -> str:
    """`--mount` replaces the whole list, so the line names what is shared now as well."""
    now = [f"{share.path}:w" if share.writable else share.path for share in machine.shares or ()]
    kept = [mount for mount in now if mount.removesuffix(":w") != folder]
    mounts = " ".join(f"--mount {shlex.quote(mount)}" for mount in (*kept, f"{folder}:w"))
    stop, start = typed("colima stop", machine.name), typed("colima start", machine.name)
    return f"`{stop} && {start} {mounts}` (or `mounts:` in its colima.yaml)"


def _profile(text: str) -> str:
    return "default" if text == "colima" else text.removeprefix("colima-")


def _instance(profile: str) -> str:
    return "colima" if profile == "default" else f"colima-{profile}"


def _state(status: str) -> State:
    states: Mapping[str, State] = {"Running": "running", "Stopped": "stopped", "Broken": "broken"}
    return states.get(status, "unknown")


def _instances(commands: Commands) -> tuple[Mapping[str, lima.Instance], str]:
    """Lima's own view of the profiles, by instance name, and Lima's version; nothing without limactl."""
    if commands.which(lima.program) is None:
        return {}, ""
    user = commands.environ.get("HOME", "")
    try:
        text = asked(commands, lima.LIST, {"LIMA_HOME": _lima_home(commands.environ)})
        found = {instance.name: instance for instance in lima.parse_list(text, user)}
    except MachineError:
        return {}, ""
    return found, lima.version_of(commands, lima.program)


def _lima_home(environ: Mapping[str, str]) -> str:
    """Newer Colimas obey LIMA_HOME, older ones do not: the folder that has instances of Colima in it."""
    own, given = f"{home(environ)}/_lima", environ.get("LIMA_HOME", "")
    return given if given and any(Path(given).glob("colima*")) else own


def _machine(
    profile: Profile, instance: lima.Instance | None, folder: str, default: tuple[Share, ...], version: str
) -> Machine:
    state, word = profile.state, profile.word
    if profile.runtime and not profile.runtime.startswith("docker"):
        state, word = "broken", f"its runtime is {profile.runtime}: only a new profile can have docker"
    elif instance is not None and instance.state == "broken":
        state, word = "broken", instance.word
    return Machine(
        provider=name,
        name=profile.name,
        state=state,
        word=word,
        host=f"unix://{_socket(folder, profile.name)}",
        default=profile.name == "default",
        rootless=False,
        shares=instance.shares if instance is not None and instance.configured else default,
        version=version,
    )


def _socket(folder: str, profile: str) -> str:
    current, legacy = f"{folder}/{profile}/docker.sock", f"{folder}/docker.sock"
    return legacy if profile == "default" and not Path(current).exists() and Path(legacy).exists() else current
