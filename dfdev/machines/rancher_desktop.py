"""Rancher Desktop: an application with one Lima instance, called 0, in a folder of its own.

Sources: rancher-sandbox/rancher-desktop src/go/rdctl/cmd/{api,shell,start,shutdown,set}.go, pkg/client/client.go
(the states), pkg/rancher-desktop/backend/lima.ts (getMounts), the settings migrations (containerEngine.name).
"""

# ruff: noqa: ARG001 - a provider's functions have the arguments of the protocol

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from dfdev.core.machine import Capabilities, Machine, Share, State
from dfdev.errors import MachineError
from dfdev.machines import lima
from dfdev.machines.output import asked, failed, object_of, one, text_of
from dfdev.machines.protocol import LOOK_SECONDS, Argv
from dfdev.system.commands import Commands, Ran

name = "rancher-desktop"
title = "Rancher Desktop"
program = "rdctl"
install = "brew install --cask rancher"

STATE = ("rdctl", "api", "/v1/backend_state")
SETTINGS = ("rdctl", "list-settings")

_STATES: Mapping[str, State] = {
    "STARTED": "running",
    "STARTING": "starting",
    "STOPPED": "stopped",
    "STOPPING": "stopping",
    "DISABLED": "stopped",
    "ERROR": "broken",
}
_NOT_RUNNING = ("refused", "rd-engine.json", "no such file", "connect:", "dial tcp", "is not running")
"""In what rdctl says when the application is closed: its port is shut, or its connection file is not there."""
_CONTAINERD = (
    "its container engine is containerd: choose dockerd (moby) in Preferences → Container Engine, "
    "or `rdctl set --container-engine.name=moby`"
)
_MOUNTS = ("/Volumes", "/var/folders", "/private/tmp", "/private/var/folders")


def parse_state(text: str) -> tuple[State, str]:
    """`{"vmState":"STARTED","locked":false}`: the state and its word. MachineError.

    Old versions have no such call, and answer with a `message`.
    """
    item = one(text, STATE)
    word = text_of(item, "vmState", "message")
    return _STATES.get(word, "unknown"), word


def parse_engine(text: str) -> str:
    """Of the settings: moby or containerd, "" when they do not say. MachineError."""
    item = one(text, SETTINGS)
    return text_of(object_of(item, "containerEngine"), "name") or text_of(
        object_of(item, "kubernetes"), "containerEngine"
    )


def installed(commands: Commands) -> str:
    return commands.which(program) or ""


def machines(commands: Commands, platform: str = sys.platform) -> list[Machine]:
    state, word = _state(commands)
    if state in ("running", "starting") and _engine(commands) == "containerd":
        state, word = "broken", _CONTAINERD
    home = commands.environ.get("HOME", "")
    shares, version = _vm(commands, home, platform)
    host = f"unix://{home}/.rd/docker.sock"
    return [Machine(name, "", state, word, host, "", True, rootless=False, shares=shares, version=version)]


def capabilities(machine: Machine) -> Capabilities:
    return Capabilities(True, True, True, lima.self_sync(machine.version), "empty")


def start(machine: Machine) -> Sequence[Argv]:
    return [("rdctl", "start")]


def stop(machine: Machine) -> Sequence[Argv]:
    return [("rdctl", "shutdown")]


def restart(machine: Machine) -> Sequence[Argv]:
    return [("rdctl", "shutdown"), ("rdctl", "start")]


def shell(machine: Machine) -> Argv:
    return ("rdctl", "shell")


def root(machine: Machine) -> Argv:
    return ("rdctl", "shell", "sudo", "sh", "-s")


def share_hint(machine: Machine, folder: str) -> str:
    """There is no setting for it: only Lima's file of overrides, which the application leaves alone."""
    mount = f"mounts: [{{location: {shlex.quote(folder)}, writable: true}}]"
    return (
        f"move it into your home folder, or write `{mount}` into "
        '"~/Library/Application Support/rancher-desktop/lima/_config/override.yaml" and `rdctl shutdown && rdctl start`'
    )


def _state(commands: Commands) -> tuple[State, str]:
    ran = commands.run(STATE, timeout=LOOK_SECONDS)
    if ran.ok:
        return parse_state(ran.out)
    if closed(ran):
        return "stopped", "the application is not open"
    raise failed(ran)


def closed(ran: Ran) -> bool:
    said = (ran.err + ran.out).lower()
    return any(sign in said for sign in _NOT_RUNNING)


def _engine(commands: Commands) -> str:
    """A look at the settings that fails says nothing of the machine."""
    try:
        return parse_engine(asked(commands, SETTINGS))
    except MachineError:
        return ""


def _vm(commands: Commands, home: str, platform: str) -> tuple[tuple[Share, ...], str]:
    """What its Lima says is shared, and that Lima's version; by the defaults of the application without it."""
    limactl = _limactl(commands)
    if not limactl:
        return _default_shares(home, platform), ""
    version = lima.version_of(commands, limactl)
    argv = (limactl, "list", "--json")
    try:
        instances = lima.parse_list(asked(commands, argv, {"LIMA_HOME": lima_home(home, platform)}), home, argv)
    except MachineError:
        instances = []
    found = next((i for i in instances if i.name == "0" and i.configured), None)
    return found.shares if found else _default_shares(home, platform), version


def _limactl(commands: Commands) -> str:
    """In the application, next to the rdctl that its link in PATH leads to; "" when it is not there."""
    path = commands.which(program)
    found = Path(path).resolve().parent.parent / "lima" / "bin" / "limactl" if path else None
    return str(found) if found and found.exists() else ""


def lima_home(home: str, platform: str) -> str:
    if platform == "darwin":
        return f"{home}/Library/Application Support/rancher-desktop/lima"
    return f"{home}/.local/share/rancher-desktop/lima"


def _default_shares(home: str, platform: str) -> tuple[Share, ...]:
    paths = (home, "/tmp/rancher-desktop", *(_MOUNTS if platform == "darwin" else ()))
    return tuple(Share(path) for path in paths)
