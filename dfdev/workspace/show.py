"""The values of a workspace as `dfdev config show` prints them: secrets masked, each with its origin. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from dfdev.core.secrets import MASK
from dfdev.workspace.masking import holds_password, is_secret_name
from dfdev.workspace.origin import Origin
from dfdev.workspace.problem import Parts, key_path, last_name, quoted
from dfdev.workspace.workspace import Workspace


class Row(NamedTuple):
    """One leaf. `value` is masked where it is secret, unless secrets were asked for."""

    key: str
    value: Any
    origin: Origin

    @property
    def unsaid(self) -> bool:
        """An empty default: nothing that anybody wrote."""
        return self.origin == Origin() and self.value in ("", [])

    def __str__(self) -> str:
        return f"{self.key} = {toml(self.value)}"


def shown_tree(workspace: Workspace, *, secrets: bool = False) -> dict[str, Any]:
    """The whole configuration, defaults filled in, absent sections left out, secrets masked unless asked for."""
    tree = msgspec.to_builtins(workspace.config)
    tree["workspace"]["name"] = workspace.name
    masked: dict[str, Any] = _masked(tree, (), None if secrets else workspace)
    return masked


def rows(workspace: Workspace, *, secrets: bool = False) -> list[Row]:
    leaves = _leaves(shown_tree(workspace, secrets=secrets), ())
    return [Row(key_path(at), value, workspace.origin(key_path(at))) for at, value in leaves]


def pick(tree: dict[str, Any], key: str) -> Any:
    """The part of the tree at a key path such as `services.www`. KeyError: there is none."""
    return dict(_all_places(tree, ()))[key]


def _all_places(tree: dict[str, Any], at: Parts) -> Iterator[tuple[str, Any]]:
    for name, value in tree.items():
        yield key_path((*at, name)), value
        if isinstance(value, dict):
            yield from _all_places(value, (*at, name))
        elif isinstance(value, list):
            yield from ((key_path((*at, name, n)), inner) for n, inner in enumerate(value))


def _leaves(tree: dict[str, Any], at: Parts) -> Iterator[tuple[Parts, Any]]:
    for name, value in tree.items():
        if isinstance(value, dict):
            yield from _leaves(value, (*at, name))
        else:
            yield (*at, name), value


def _masked(value: Any, at: Parts, workspace: Workspace | None) -> Any:
    """`workspace`: None where secrets are to be shown."""
    if isinstance(value, dict):
        inner = {name: _masked(x, (*at, name), workspace) for name, x in value.items()}
        return {name: x for name, x in inner.items() if x is not None}
    if isinstance(value, list | tuple):
        return [_masked(x, (*at, number), workspace) for number, x in enumerate(value)]
    if workspace is None or value in ("", None) or not _is_secret(value, at, workspace):
        return value
    return MASK


def _is_secret(value: Any, at: Parts, workspace: Workspace) -> bool:
    return (
        is_secret_name(last_name(at))
        or workspace.origin(key_path(at)).secret
        or (isinstance(value, str) and holds_password(value))
    )


def toml(value: Any) -> str:
    """A scalar or a list of scalars as TOML writes it."""
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return quoted(value) if isinstance(value, str) else str(value)
