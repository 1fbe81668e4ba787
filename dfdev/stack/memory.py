"""Which container the database was in when dfdev last saw it, so that one that somebody removed can be told.

A memory says what was; what is, the engine says. It is forgotten before dfdev itself throws that container away.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from dfdev.core.events import Emit, Notice
from dfdev.core.observed import Container, EngineInfo
from dfdev.core.ours import holds_data, mark_of
from dfdev.core.plan import Plan
from dfdev.stack.site import Site
from dfdev.system.folders import state_folder
from dfdev.system.lock import lock_path
from dfdev.system.state_file import write_state


class Memory:
    """Of one workspace on one engine. A file that cannot be read or written is a memory that is lost, not an error."""

    def __init__(self, path: Path, engine: str) -> None:
        self._path = path
        self._engine = engine

    @property
    def container(self) -> str:
        """The id of the database's container, "" for none that is known."""
        return str(self._read().get(self._engine, ""))

    def remember(self, ours: Iterable[Container]) -> None:
        """The one of these that holds data."""
        for id in [c.id for c in ours if holds_data(c)]:
            self._write(id)

    def forget(self) -> None:
        self._write("")

    def forget_what_goes(self, plan: Plan) -> None:
        """Before its steps are carried out: their user has agreed to what is lost."""
        if any(action.verb == "remove" and action.target == self.container for action in plan.actions):
            self.forget()

    def tell_loss(self, containers: Iterable[Container], image: str, emit: Emit) -> None:
        """Once, when the database that was here is here no more."""
        known = self.container
        there = next((c for c in containers if c.id == known), None)
        if not known or (there is not None and mark_of(there)):
            return
        if there is not None:
            emit(Notice(f"the database's container is called {there.name} now: it is left alone", warning=True))
            return
        self.forget()
        text = "the database that was here is gone: its container was removed, and not by dfdev"
        emit(
            Notice(f"{text}; this one begins with {image} (`dfdev mysql snapshots` lists what was kept)", warning=True)
        )

    def _read(self) -> Mapping[str, Any]:
        with suppress(OSError, ValueError):
            found = json.loads(self._path.read_text("utf-8"))
            return found if isinstance(found, dict) else {}
        return {}

    def _write(self, id: str) -> None:
        """Only a change is written: every morning's `up` passes here."""
        there = self._read()
        changed = {**there, self._engine: id} if id else {k: v for k, v in there.items() if k != self._engine}
        if changed == there:
            return
        write_state(self._path, json.dumps(changed))


def memory_of(site: Site, info: EngineInfo) -> Memory:
    """One file per real DFHOME, beside its lock's."""
    name = lock_path(site.workspace.home, site.environ).with_suffix(".json").name
    engine = info.name if info.podman or not info.id else info.id
    return Memory(state_folder(site.environ) / "databases" / name, engine)
