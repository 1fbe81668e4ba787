"""What `dfdev clock install` and `dfdev clock uninstall` do and show."""

from __future__ import annotations

import shlex

from dfdev.cli.common import Common
from dfdev.cli.ground import workspace_around
from dfdev.clock.agent import Agent, Manager
from dfdev.clock.agent_files import (
    State,
    Todo,
    agent_for,
    install,
    manager_for,
    state,
    to_install,
    to_uninstall,
    uninstall,
    usual_manager,
)
from dfdev.errors import DfdevError
from dfdev.system.commands import HostCommands


def install_agent(common: Common, dry_run: bool) -> None:
    """Write its files and have it loaded; again is nothing to do."""
    commands = HostCommands(common.environ)
    manager = manager_for(_agent(common, commands), commands)
    if dry_run:
        _show(common, manager, to_install(manager, commands), "nothing to do: it runs already")
        return
    done = install(manager, commands, common.out.say)
    names = ", ".join(str(path) for path in manager.files)
    common.out.document({"changed": done, "agent": state(manager, commands).as_json()})
    common.out.data(f"the clock's agent runs ({manager.kind}: {names})" if done else "nothing to do: it runs already")


def uninstall_agent(common: Common, dry_run: bool) -> None:
    """Unload it and remove its files; where there is none, nothing to do."""
    commands = HostCommands(common.environ)
    manager = usual_manager(_agent(common, commands))
    if dry_run:
        _show(common, manager, to_uninstall(manager, commands), "nothing to do: there is no agent")
        return
    done = uninstall(manager, commands)
    common.out.document({"changed": done, "agent": state(manager, commands).as_json()})
    common.out.data("the clock's agent is gone" if done else "nothing to do: there is no agent")


def agent_state(common: Common) -> State:
    """Whether an agent keeps the clock here."""
    commands = HostCommands(common.environ)
    try:
        return state(manager_for(_agent(common, commands), commands), commands)
    except DfdevError:
        return State("none")


def agent_told(found: State) -> str:
    """One line."""
    if found.running:
        return f"agent: {found.kind}, running"
    if found.installed:
        return f"agent: {found.kind}, installed and not running; `dfdev clock install` starts it"
    return "agent: none; `dfdev clock install` adds one"


def _agent(common: Common, commands: HostCommands) -> Agent:
    workspace = workspace_around(common)
    return agent_for(commands, workspace.home if workspace is not None else None)


def _show(common: Common, manager: Manager, todo: Todo, nothing: str) -> None:
    """Every file whole, then the commands."""
    files = {str(path): text for path, text in todo.write.items()}
    lines = [shlex.join(line) for line in todo.commands]
    removed = [str(path) for path in todo.remove]
    common.out.document({"kind": manager.kind, "files": files, "remove": removed, "commands": lines})
    shown = [f"# {path}\n{text}" for path, text in files.items()]
    common.out.data("\n".join([*shown, *(f"remove {path}" for path in removed), *lines]) or nothing)
