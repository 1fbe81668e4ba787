"""A step that the engine refused, told in the user's words: which service, which key of the file, what to type."""

from __future__ import annotations

import re

from dfdev.core.desired import Service
from dfdev.core.plan import Action
from dfdev.errors import EngineAbsent, EngineDenied, EngineError, EngineHung

_RELAYED = re.compile(
    r"failed to create (shim )?task( for container)?: |OCI runtime create failed: |runc create failed: |: unknown$"
)
"""What runc, containerd and dockerd put around the reason as they pass it on."""


def blamed(action: Action, error: EngineError) -> EngineError:
    """The same kind of error. One about the engine itself is left as it is."""
    if action.service is None or isinstance(error, EngineAbsent | EngineDenied | EngineHung):
        return error
    key = key_of(action.service)
    if action.verb == "pull image":
        return type(error)(f"{error.message} ({key}.image)", error.hint, details=error.details)
    hint = error.hint or f"mend {key} in dfdev.toml; `dfdev up` then goes on from here"
    return type(error)(f"{action.service.name}: {_RELAYED.sub('', error.message)}", hint, details=error.details)


def key_of(service: Service) -> str:
    """Its table in dfdev.toml."""
    return f"services.{service.name}" if service.kind == "app" else service.kind
