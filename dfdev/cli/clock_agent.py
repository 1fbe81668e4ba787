"""What `dfdev clock install` and `dfdev clock uninstall` do and show."""

from __future__ import annotations

import shlex

from dfdev.cli.common import Common
from dfdev.cli.ground import workspace_around
from dfdev.clock.agent import Manager
from dfdev.clock.agent_files import State, agent_for, install, manager_for, state, uninstall
from dfdev.errors import MachineError
from dfdev.system.commands import HostCommands


def install_agent(common: Common, dry_run: bool) -> None:
    """Write its files and have it loaded; again is nothing to do."""
    commands = HostCommands(common.environ)
    manager = _manager(common, commands)
    if dry_run:
        _show(common, manager)
        return
    done = install(manager, commands)
    names = ", ".join(str(path) for path in manager.files)
    common.out.document({"changed": done, "agent": state(manager, commands).as_json()})
    common.out.data(f"the clock's agent runs ({manager.kind}: {names})" if done else "nothing to do: it runs already")


def uninstall_agent(common: Common, dry_run: bool) -> None:
    """Unload it and remove its files; where there is none, nothing to do."""
    commands = HostCommands(common.environ)
    manager = _manager(common, commands)
    if dry_run:
        lines = [*(shlex.join(line) for line in manager.unload), *(f"remove {path}" for path in manager.files)]
        common.out.data("\n".join(lines))
        common.out.document({"commands": lines})
        return
    done = uninstall(manager, commands)
    common.out.document({"changed": done, "agent": state(manager, commands).as_json()})
    common.out.data("the clock's agent is gone" if done else "nothing to do: there is no agent")


def agent_state(common: Common) -> State:
    """Whether an agent keeps the clock here."""
    commands = HostCommands(common.environ)
    try:
        return state(_manager(common, commands), commands)
    except MachineError:
        return State("none")


def _manager(common: Common, commands: HostCommands) -> Manager:
    workspace = workspace_around(common)
    return manager_for(agent_for(commands, workspace.home if workspace is not None else None), commands)


def _show(common: Common, manager: Manager) -> None:
    """Every file whole, then the commands."""
    files = {str(path): text for path, text in manager.files.items()}
    lines = [shlex.join(line) for line in manager.load]
    common.out.document({"kind": manager.kind, "files": files, "commands": lines})
    shown = [f"# {path}\n{text}" for path, text in files.items()]
    common.out.data("\n".join([*shown, *lines]))
