"""Installing and removing the agent: files written where they differ, and its manager told."""

from __future__ import annotations

import os
import shlex
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from dfdev.clock.agent import Agent, Manager, launchd, systemd
from dfdev.core.frozen import dataclass
from dfdev.core.typed import typed
from dfdev.core.xdg import xdg_folder
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
    config = Path(xdg_folder({**environ, "HOME": str(user)}, "XDG_CONFIG_HOME", ".config"))
    kept = {**environ, **({"DFHOME": str(home)} if home is not None else {})}
    return Agent(_dfdev(), kept, user, config, os.getuid())


def manager_for(agent: Agent, commands: Commands, platform: str = sys.platform) -> Manager:
    """MachineError where nothing runs agents for a user."""
    manager = usual_manager(agent, platform)
    if commands.which("launchctl") if manager.kind == "launchd" else _has_user_manager(commands):
        return manager
    raise MachineError(
        "there is neither launchd nor a systemd user manager here to run an agent", "`dfdev clock watch` in a terminal"
    )


def usual_manager(agent: Agent, platform: str = sys.platform) -> Manager:
    """Of this system, whether it runs or not."""
    return launchd(agent) if platform == "darwin" else systemd(agent)


def state(manager: Manager, commands: Commands) -> State:
    there = all(path.is_file() for path in manager.files)
    return State(manager.kind, tuple(manager.files), there, _runs(manager, commands))


@dataclass(frozen=True)
class Todo:
    """Files to write or to remove, then commands to run."""

    write: Mapping[Path, str]
    remove: Sequence[Path]
    commands: Sequence[Sequence[str]]

    def __bool__(self) -> bool:
        return bool(self.write or self.remove or self.commands)


def to_install(manager: Manager, commands: Commands) -> Todo:
    """Nothing when its files are as they should be and it is loaded."""
    wrong = {path: text for path, text in manager.files.items() if _read(path) != text}
    if not _runs(manager, commands):
        return Todo(wrong, (), manager.load)
    return Todo(wrong, (), [*manager.unload, *manager.load] if wrong else ())


def to_uninstall(manager: Manager, commands: Commands) -> Todo:
    """Its files go also where its manager does not run."""
    there = [path for path in (*manager.files, *manager.traces) if os.path.lexists(path)]
    return Todo({}, there, [*manager.unload, *manager.forget] if _runs(manager, commands) else ())


def install(
    manager: Manager,
    commands: Commands,
    say: Callable[[str], None] = lambda _text: None,
    sleep: Callable[[float], None] = time.sleep,
) -> bool:
    """Whether anything had to be done. ConfigError, MachineError."""
    todo = to_install(manager, commands)
    for path, text in todo.write.items():
        _write(path, text)
    for line in todo.commands:
        _run(line, commands, manager.patience if line in manager.load else 0.0, say, sleep)
    return bool(todo)


def uninstall(manager: Manager, commands: Commands) -> bool:
    """Whether there was anything. ConfigError, MachineError."""
    todo = to_uninstall(manager, commands)
    unload = [line for line in todo.commands if line in manager.unload]
    for line in unload:
        _run(line, commands)
    for path in todo.remove:
        _remove(path)
    for line in todo.commands[len(unload) :]:
        _run(line, commands)
    return bool(todo)


def _dfdev() -> tuple[str, ...]:
    """The command as it was started, else the module by this Python. Links in its path stay: Homebrew's and pipx's
    still lead to it after an upgrade, what they lead to today does not.
    """
    own = Path(sys.argv[0]).absolute()
    if own.name == "dfdev" and own.is_file():
        return (str(own),)
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
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def _write(path: Path, text: str) -> None:
    """Whole or not at all: launchd and systemd read it whenever they like."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fd, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(fd, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except OSError as error:
        raise _not_ours("write", path, error) from error


def _remove(path: Path) -> None:
    try:
        path.unlink()
    except OSError as error:
        raise _not_ours("remove", path, error) from error


def _not_ours(verb: str, path: Path, error: OSError) -> ConfigError:
    shown = next((folder for folder in path.parents if folder.exists()), path.parent)
    hint = f"`{typed('ls -ld', shown)}` shows whose it is; `dfdev clock watch` in a terminal needs no file"
    return ConfigError(f"cannot {verb} {path}: {error.strerror}", hint)


def _runs(manager: Manager, commands: Commands) -> bool:
    with suppress(CommandMissing):
        return commands.run(manager.ask, timeout=_SECONDS).ok
    return False


def _run(
    line: Sequence[str],
    commands: Commands,
    patience: float = 0.0,
    say: Callable[[str], None] = lambda _text: None,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """`patience`: seconds for which it is tried again when it fails."""
    ran = commands.run(line, timeout=_SECONDS)
    words = shlex.join(line)
    for second in range(int(patience)):
        if ran.ok:
            return
        if second == 1:
            say(f"`{words}` does not work yet ({ran.said}): trying for {patience:g} s")
        sleep(1.0)
        ran = commands.run(line, timeout=_SECONDS)
    if not ran.ok:
        raise MachineError(f"`{words}` failed: {ran.said}", f"run `{words}` by hand to see more")
