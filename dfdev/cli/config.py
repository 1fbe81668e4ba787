"""`dfdev config check|show|schema`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from dfdev.cli.common import Common
from dfdev.cli.opened import opened
from dfdev.cli.options import command, group
from dfdev.errors import ConfigError, UsageError
from dfdev.workspace.workspace import Workspace

app = group("The workspace file: check it, show it, its JSON Schema.")

Key = Annotated[
    str | None, typer.Argument(metavar="[KEY]", help="A key path: registry.port, services.www", show_default=False)
]
ShowOrigin = Annotated[bool, typer.Option("--origin", help="Where each value comes from.")]

ShowSecrets = Annotated[bool, typer.Option("--show-secrets", help="Secrets too, as they are.")]


@command(app)
def check(common: Common) -> int:
    """Report every problem of dfdev.toml, dfdev.local.toml, .env and .env.local at once."""
    try:
        workspace = opened(common, files=True)
    except ConfigError as error:
        if not common.out.as_json:
            raise
        common.out.document({"ok": False, "problems": _problems(error)})
        return error.code
    common.out.document({"ok": True, "problems": []})
    common.out.say(f"{workspace.home / 'dfdev.toml'} holds: workspace {workspace.name}, {_services(workspace)}")
    return 0


def _problems(error: ConfigError) -> list[dict[str, str]]:
    """What cannot even be read is one problem, without a key."""
    from dfdev.workspace.problem import Problem, WorkspaceError

    if isinstance(error, WorkspaceError):
        return [problem._asdict() for problem in error.problems]
    found = "; ".join((error.message, *error.details))
    return [Problem("", "a workspace that can be read", found, error.hint)._asdict()]


def _services(workspace: Workspace) -> str:
    config = workspace.config
    builtin = [name for name in ("registry", "mysql") if getattr(config, name) is not None]
    names = [*builtin, *config.services]
    return f"services {', '.join(names)}" if names else "no services"


@command(app)
def show(common: Common, key: Key = None, origin: ShowOrigin = False, show_secrets: ShowSecrets = False) -> None:
    """Print the values that hold, as TOML, secrets masked; a single KEY prints its bare value."""
    from dfdev.workspace.show import pick, rows, shown_tree

    workspace = opened(common)
    tree = shown_tree(workspace, secrets=show_secrets)
    try:
        value = pick(tree, key) if key else tree
    except KeyError:
        raise _no_such_key(key or "", [row.key for row in rows(workspace)]) from None
    out = common.out.with_secrets() if show_secrets else common.out
    out.document(_document(workspace, key, value, origin))
    out.data(_text(rows(workspace, secrets=show_secrets), key, value, origin))


def _no_such_key(key: str, known: list[str]) -> UsageError:
    from dfdev.workspace.suggest import did_you_mean

    return UsageError(f"no such key: {key}", did_you_mean(key, known) or "`dfdev config show` lists all of them")


def _document(workspace: Workspace, key: str | None, value: Any, origin: bool) -> dict[str, Any]:
    from dfdev.workspace.show import rows

    head: dict[str, Any] = {"workspace": workspace.name, "home": str(workspace.home), "key": key, "value": value}
    if not origin:
        return head
    origins = {row.key: str(row.origin) for row in _selected(rows(workspace), key)}
    return {**head, "home_source": workspace.home_source, "origins": origins}


def _selected(rows: list[Any], key: str | None) -> list[Any]:
    if not key:
        return rows
    return [r for r in rows if r.key == key or r.key.startswith(f"{key}.") or key.startswith(f"{r.key}[")]


def _text(rows: list[Any], key: str | None, value: Any, origin: bool) -> str:
    if not origin and not isinstance(value, dict | list):
        return str(value).lower() if isinstance(value, bool) else str(value)
    chosen = [row for row in _selected(rows, key) if not row.unsaid or row.key == key]
    if not origin:
        return "\n".join(str(row) for row in chosen)
    width = min(60, max((len(str(row)) for row in chosen), default=0))
    return "\n".join(f"{row!s:<{width}}  # {row.origin}" for row in chosen)


@command(app)
def schema(common: Common) -> None:
    """Print the JSON Schema of dfdev.toml (draft 2020-12), for editors."""
    from dfdev.workspace.json_schema import json_schema

    document = json_schema()
    common.out.document(document)
    common.out.data(common.out.json_text(document))
