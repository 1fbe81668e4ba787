"""Lima: virtual machines ("instances") of any kind; the ones with a Docker socket are engines.

Sources: lima-vm/lima cmd/limactl/{list,edit,shell}.go, cmd/limactl/editflags, pkg/limatype/{lima_instance,lima_yaml,
filenames}, templates/docker.yaml and docker-rootful.yaml; clock: lima PR #4527 (2.1.0). Colima and Rancher Desktop run
on it.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path

from dfdev.core.frozen import dataclass
from dfdev.core.machine import Capabilities, Machine, Share, State
from dfdev.core.typed import typed
from dfdev.errors import MachineError
from dfdev.machines.output import Json, asked, at_least, list_of, object_of, objects, text_of
from dfdev.machines.protocol import Argv
from dfdev.machines.shares import shared_by
from dfdev.system.commands import Commands

name = "lima"
title = "Lima"
program = "limactl"
install = "brew install lima docker && limactl start template:docker-rootful"

LIST = ("limactl", "list", "--json")
SELF_SYNC = 10.0
"""The host agent of Lima 2.1 and later sends its time every 10 s."""

_STATES: Mapping[str, State] = {
    "Running": "running",
    "Stopped": "stopped",
    "Uninitialized": "stopped",
    "Installing": "starting",
    "Broken": "broken",
    "Paused": "paused",
    "Suspended": "paused",
    "Saved": "paused",
}


@dataclass(frozen=True)
class Instance:
    """One line of `limactl list --json`.

    `configured`: it came with its configuration. `docker`: the host's end of its Docker socket, "" without one.
    """

    name: str
    state: State
    word: str
    folder: str
    configured: bool
    docker: str
    rootless: bool | None
    shares: tuple[Share, ...]


def parse_list(text: str, home: str, argv: Argv = LIST) -> list[Instance]:
    """Every instance; old Limas tell neither `config` nor `errors`. MachineError."""
    return [_instance(item, home) for item in objects(text, argv) if text_of(item, "name")]


def installed(commands: Commands) -> str:
    return commands.which(program) or ""


def machines(commands: Commands) -> list[Machine]:
    home = commands.environ.get("HOME", "")
    instances = [i for i in parse_list(asked(commands, LIST), home) if not of_colima(i.name)]
    engines = [(i, socket) for i in instances if (socket := i.docker or _socket_file(i))]
    version = version_of(commands, program) if engines else ""
    return [_machine(instance, socket, version) for instance, socket in engines]


def of_colima(instance: str) -> bool:
    """Old Colimas kept their instances in Lima's own folder, and LIMA_HOME may lead to Colima's."""
    return instance == "colima" or instance.startswith("colima-")


def version_of(commands: Commands, limactl: str) -> str:
    """Of this Lima, "" when it does not say. An instance's own `limaVersion` is the one that once created it."""
    try:
        return asked(commands, (limactl, "--version")).strip().rpartition(" ")[2]
    except MachineError:
        return ""


def self_sync(version: str) -> float:
    return SELF_SYNC if at_least(version, 2, 1) else 0.0


def capabilities(machine: Machine) -> Capabilities:
    return Capabilities(True, True, True, self_sync(machine.version), "empty")


def start(machine: Machine) -> Sequence[Argv]:
    return [("limactl", "start", machine.name)]


def stop(machine: Machine) -> Sequence[Argv]:
    return [("limactl", "stop", machine.name)]


def restart(machine: Machine) -> Sequence[Argv]:
    return [("limactl", "stop", "--force", machine.name), ("limactl", "start", machine.name)]


def shell(machine: Machine) -> Argv:
    return ("limactl", "shell", "--workdir", "/", machine.name)


def root(machine: Machine) -> Argv:
    return (*shell(machine), "sudo", "sh", "-s")


def share_hint(machine: Machine, folder: str) -> str:
    """`--mount` must not overlap a mount that is there: a read-only one is made writable instead."""
    there = shared_by(folder, machine.shares or (), "")
    flag = "--mount-writable" if there else f"--mount {shlex.quote(f'{folder}:w')}"
    lines = ("limactl stop", f"limactl edit {flag}", "limactl start")
    return f"`{' && '.join(typed(line, machine.name) for line in lines)}`"


def _instance(item: Json, home: str) -> Instance:
    status, config = text_of(item, "status"), object_of(item, "config")
    errors = item.get("errors")
    words = [error for error in errors if isinstance(error, str)] if isinstance(errors, list) else []
    folder = text_of(item, "dir")
    socket, rootless = _docker(config, folder)
    return Instance(
        name=text_of(item, "name"),
        state=_STATES.get(status, "unknown"),
        word=words[0] if words else status,
        folder=folder,
        configured=bool(config),
        docker=socket,
        rootless=rootless,
        shares=_shares(config, home),
    )


def _docker(config: Json, folder: str) -> tuple[str, bool | None]:
    """The host's socket, and whether the guest's is a user's own (/run/user/UID/docker.sock)."""
    for forward in list_of(config, "portForwards"):
        guest, host = text_of(forward, "guestSocket"), text_of(forward, "hostSocket")
        if guest.endswith("/docker.sock") and not forward.get("reverse") and not forward.get("ignore"):
            host = host.replace("{{.Dir}}", folder) or "docker.sock"
            return host if host.startswith("/") else f"{folder}/sock/{host}", guest.startswith("/run/user/")
    return "", None


def _shares(config: Json, home: str) -> tuple[Share, ...]:
    """Without a `config` (Lima before 0.14) the default: the home folder, read-only."""
    if not config:
        return (Share(home, writable=False),)
    mounts = [] if config.get("plain") is True else list_of(config, "mounts")
    both = [(m, _expanded(text_of(m, "location"), home), _expanded(text_of(m, "mountPoint"), home)) for m in mounts]
    return tuple(
        Share(location, writable=mount.get("writable") is True)
        for mount, location, point in both
        if location.startswith("/") and point in ("", location)
    )


def _expanded(path: str, home: str) -> str:
    if path == "~" or path.startswith("~/"):
        path = home + path[1:]
    return path.rstrip("/") or ("/" if path else "")


def _socket_file(instance: Instance) -> str:
    path = Path(instance.folder, "sock", "docker.sock")
    return str(path) if instance.folder and path.exists() else ""


def _machine(instance: Instance, socket: str, version: str) -> Machine:
    return Machine(
        provider=name,
        name=instance.name,
        state=instance.state,
        word=instance.word,
        host=f"unix://{socket}",
        default=instance.name == "default",
        rootless=instance.rootless,
        shares=instance.shares,
        version=version,
    )
