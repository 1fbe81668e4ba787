"""Installing and removing the agent: files written where they differ, and its manager told."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dfdev.clock.agent import Agent, Manager, launchd, systemd
from dfdev.errors import ConfigError, MachineError
from dfdev.system.commands import CommandMissing, Commands

_SECONDS = 20.0


@dataclass(frozen=True)
class State:
    """`kind` is "none" where there is neither launchd nor a systemd user manager."""

    kind: str
    files: tuple[Path, ...] = ()
    installed: bool = False
    running: bool = False

    def as_json(self) -> dict[str, object]:
        files = [str(path) for path in self.files]
        return {"installed": self.installed, "kind": self.kind, "files": files, "running": self.running}


def agent_for(commands: Commands, home: Path | None) -> Agent:
    """For this user and the dfdev that runs. `home`: DFHOME, when it is installed from within a workspace."""
    environ = commands.environ
    user = Path(environ.get("HOME") or Path.home())
    config = Path(environ.get("XDG_CONFIG_HOME") or user / ".config")
    kept = {**environ, **({"DFHOME": str(home)} if home is not None else {})}
    return Agent(_dfdev(), kept, user, config, os.getuid())


def manager_for(agent: Agent, commands: Commands, platform: str = sys.platform) -> Manager:
    """MachineError where nothing runs agents for a user."""
    if platform == "darwin" and commands.which("launchctl"):
        return launchd(agent)
    if platform != "darwin" and _has_user_manager(commands):
        return systemd(agent)
    raise MachineError(
        "there is neither launchd nor a systemd user manager here to run an agent", "`dfdev clock watch` in a terminal"
    )


def state(manager: Manager, commands: Commands) -> State:
    there = all(path.is_file() for path in manager.files)
    return State(manager.kind, tuple(manager.files), there, commands.run(manager.ask, timeout=_SECONDS).ok)


def install(manager: Manager, commands: Commands) -> bool:
    """Whether anything had to be done. ConfigError, MachineError."""
    found = state(manager, commands)
    wrong = [path for path, text in manager.files.items() if _read(path) != text]
    if not wrong and found.running:
        return False
    for path in wrong:
        _write(path, manager.files[path])
    if found.running:
        _run(manager.unload, commands)
    _run(manager.load, commands)
    return True


def uninstall(manager: Manager, commands: Commands) -> bool:
    """Whether there was anything. Files of another version of the agent go too."""
    found = state(manager, commands)
    if found.running:
        _run(manager.unload, commands)
    there = [path for path in manager.files if path.exists()]
    for path in there:
        try:
            path.unlink()
        except OSError as error:
            raise ConfigError(f"cannot remove {path}: {error.strerror}", f"`ls -ld {path.parent}`") from error
    return bool(there) or found.running


def _dfdev() -> tuple[str, ...]:
    """The command as it was started, else the module by this Python: a moved checkout must not matter tomorrow."""
    own = Path(sys.argv[0])
    if own.name == "dfdev" and own.is_file():
        return (str(own.resolve()),)
    return (sys.executable, "-m", "dfdev")


def _has_user_manager(commands: Commands) -> bool:
    """It answers, whatever state it is in (`degraded` is one, with exit code 1); without a bus it says "offline"."""
    try:
        ran = commands.run(["systemctl", "--user", "is-system-running"], timeout=_SECONDS)
    except CommandMissing:
        return False
    return ran.out.strip() not in ("", "offline", "unknown")


def _read(path: Path) -> str | None:
    try:
        return path.read_text()
    except (OSError, UnicodeDecodeError):
        return None


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o644)
    except OSError as error:
        raise ConfigError(f"cannot write {path}: {error.strerror}", f"`ls -ld {path.parent}`") from error


def _run(lines: Sequence[Sequence[str]], commands: Commands) -> None:
    for line in lines:
        ran = commands.run(line, timeout=_SECONDS)
        if not ran.ok:
            words = " ".join(line)
            raise MachineError(f"`{words}` failed: {ran.said}", f"run `{words}` by hand to see more")
