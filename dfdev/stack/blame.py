"""A step that the engine refused, told in the user's words: which service, which key of the file, what to type."""

from __future__ import annotations

import re

from dfdev.core.desired import Service
from dfdev.core.plan import Action
from dfdev.errors import Conflict, EngineAbsent, EngineDenied, EngineError, EngineHung, NotFound, Overtaken

_RELAYED = re.compile(
    r"failed to create (shim )?task( for container)?: |OCI runtime create failed: |runc create failed: |: unknown$"
)
"""What runc, containerd and dockerd put around the reason as they pass it on."""

_BAKED = "`dfdev mysql build` makes it, where [mysql] names `fixtures`"
_RACES = {
    "create network": (Conflict,),
    "create": (Conflict,),
    "connect": (Conflict, NotFound),
    "start": (NotFound,),
    "unpause": (Conflict, NotFound),
    "stop": (Conflict,),
    "remove": (Conflict,),
    "rename": (Conflict, NotFound),
    "remove network": (Conflict,),
}
"""Step -> refusals that say that the engine no longer is as it was when the plan was made."""


def blamed(action: Action, error: EngineError) -> EngineError:
    """Overtaken, or the same kind of error. One about the engine itself is left as it is."""
    if isinstance(error, EngineAbsent | EngineDenied | EngineHung):
        return error
    kind = Overtaken if isinstance(error, _RACES.get(action.verb, ())) else type(error)
    if action.service is None:
        return kind(error.message, error.hint or "the same command again", details=error.details)
    key = key_of(action.service)
    if action.verb == "pull image":
        hint = f"{_BAKED}; else {error.hint}" if action.service.kind == "mysql" else error.hint
        return kind(f"{error.message} ({key}.image)", hint, details=error.details)
    hint = error.hint or f"mend {key} in dfdev.toml; `dfdev up` then goes on from here"
    return kind(f"{action.service.name}: {_RELAYED.sub('', error.message)}", hint, details=error.details)


def key_of(service: Service) -> str:
    """Its table in dfdev.toml."""
    return f"services.{service.name}" if service.kind == "app" else service.kind
