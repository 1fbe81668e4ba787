"""Docker Desktop: an application with one machine and no shell into it.

Sources: docs.docker.com/reference/cli/docker/desktop (status, start, stop, restart; a plug-in of Desktop 4.37 and
later), docs.docker.com settings reference (FilesharingDirectories), docker/for-mac#2979 (its clock, every 30 s).
"""

# ruff: noqa: ARG001 - a provider's functions have the arguments of the protocol

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from dfdev.core.machine import Capabilities, Machine, Share, State
from dfdev.errors import MachineError
from dfdev.machines.output import one, text_of
from dfdev.machines.protocol import LOOK_SECONDS, Argv
from dfdev.system.commands import CommandMissing, Commands, Ran

name = "docker-desktop"
title = "Docker Desktop"
program = "docker"
install = "brew install --cask docker-desktop && open -a Docker"

STATUS = ("docker", "desktop", "status", "--format", "json")
SELF_SYNC = 30.0
DEFAULT_SHARES = ("/Users", "/Volumes", "/private", "/tmp", "/var/folders")

_STATES: Mapping[str, State] = {
    "running": "running",
    "stopped": "stopped",
    "paused": "paused",
    "starting": "starting",
    "stopping": "stopping",
}


def parse_status(text: str) -> tuple[State, str]:
    """`{"Status": "running", …}`, keys in any case: the state and its word. MachineError.

    Documented are running, stopped and paused; `starting` was seen.
    """
    item = {key.lower(): value for key, value in one(text, STATUS).items()}
    word = text_of(item, "status")
    return _STATES.get(word.lower(), "unknown"), word


def parse_settings(text: str, environ: Mapping[str, str]) -> tuple[Share, ...] | None:
    """Of settings-store.json (`FilesharingDirectories`, only when changed) or settings.json; None: not told."""
    try:
        item = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(item, dict):
        return None
    found = next((value for key, value in item.items() if key.lower() == "filesharingdirectories"), None)
    if not isinstance(found, list):
        return None
    paths = [_expanded(path, environ) for path in found if isinstance(path, str)]
    return tuple(Share(path) for path in paths if path.startswith("/"))


def installed(commands: Commands, platform: str = sys.platform) -> str:
    return next((str(path) for path in _applications(commands.environ, platform) if path.exists()), "")


def machines(commands: Commands, platform: str = sys.platform) -> list[Machine]:
    state, word = _state(commands, platform)
    socket = _socket(commands.environ, platform)
    shares = _shares(commands.environ, platform)
    return [Machine(name, "", state, word, f"unix://{socket}", default=True, shares=shares)]


def capabilities(machine: Machine) -> Capabilities:
    return Capabilities(start=True, set_clock=True, self_sync=SELF_SYNC, unshared="error")


def start(machine: Machine, platform: str = sys.platform) -> Sequence[Argv]:
    if _has_plugin(machine):
        return [("docker", "desktop", "start")]
    return [("open", "-a", "Docker") if platform == "darwin" else ("systemctl", "--user", "start", "docker-desktop")]


def stop(machine: Machine, platform: str = sys.platform) -> Sequence[Argv]:
    if _has_plugin(machine):
        return [("docker", "desktop", "stop")]
    if platform == "darwin":
        return [("osascript", "-e", 'quit app "Docker"')]
    return [("systemctl", "--user", "stop", "docker-desktop")]


def restart(machine: Machine, platform: str = sys.platform) -> Sequence[Argv]:
    if _has_plugin(machine):
        return [("docker", "desktop", "restart")]
    return [*stop(machine, platform), *start(machine, platform)]


def shell(machine: Machine) -> Argv:
    return ()


def root(machine: Machine) -> Argv:
    return ()


def share_hint(machine: Machine, folder: str) -> str:
    return f"Docker Desktop: Settings → Resources → File sharing → add {folder} → Apply & restart"


def _has_plugin(machine: Machine) -> bool:
    """Its own word for the state comes from there; without it nobody tells the state."""
    return machine.state != "unknown"


def _state(commands: Commands, platform: str) -> tuple[State, str]:
    try:
        ran = commands.run(STATUS, timeout=LOOK_SECONDS)
        if ran.ok:
            return parse_status(ran.out)
        if _not_running(ran):
            return "stopped", "Docker Desktop is not running"
    except CommandMissing:
        pass
    except MachineError:
        # An old plug-in without --format, and a state that nobody can read is no reason to leave the machine out.
        pass
    return "unknown", _guess(commands.environ, platform)


def _not_running(ran: Ran) -> bool:
    return "not running" in (ran.out + ran.err).lower()


def _guess(environ: Mapping[str, str], platform: str) -> str:
    """A socket is left behind by a crash too, so it is a hint and no state."""
    there = Path(_socket(environ, platform)).exists()
    return "its socket is there" if there else "its socket is not there"


def _home(environ: Mapping[str, str]) -> Path:
    return Path(environ.get("HOME") or "/nonexistent")


def _applications(environ: Mapping[str, str], platform: str) -> tuple[Path, ...]:
    if platform == "darwin":
        return Path("/Applications/Docker.app"), _home(environ) / "Applications/Docker.app"
    return _home(environ) / ".docker/desktop", Path("/opt/docker-desktop")


def _socket(environ: Mapping[str, str], platform: str) -> str:
    return str(_home(environ) / ".docker" / ("run" if platform == "darwin" else "desktop") / "docker.sock")


def _shares(environ: Mapping[str, str], platform: str) -> tuple[Share, ...]:
    home = _home(environ)
    folder = home / ("Library/Group Containers/group.com.docker" if platform == "darwin" else ".docker/desktop")
    for file in ("settings-store.json", "settings.json"):
        try:
            found = parse_settings((folder / file).read_text("utf-8", "replace"), environ)
        except OSError:
            continue
        if found is not None:
            return found
    return tuple(Share(path) for path in (DEFAULT_SHARES if platform == "darwin" else (str(home),)))


def _expanded(path: str, environ: Mapping[str, str]) -> str:
    """The settings may say $HOME, $TMP and $TEMP."""
    variable, slash, rest = path.partition("/")
    if variable == "$HOME":
        return environ.get("HOME", "") + slash + rest
    return environ.get("TMPDIR", "/tmp").rstrip("/") + slash + rest if variable in ("$TMP", "$TEMP") else path
