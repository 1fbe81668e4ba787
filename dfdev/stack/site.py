"""A workspace and the engine that it runs on: what every command of the day needs to begin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dfdev.core.desired import Desired
from dfdev.core.observed import EngineInfo, Observed
from dfdev.engine.endpoint import Endpoint
from dfdev.engine.protocol import Engine
from dfdev.stack.compile import compile_workspace, image_refs
from dfdev.stack.observe import observe
from dfdev.workspace.workspace import Workspace


@dataclass(frozen=True)
class Site:
    workspace: Workspace
    endpoint: Endpoint
    engine: Engine
    uid: int
    gid: int
    environ: Mapping[str, str]

    @property
    def address(self) -> str:
        """Where published ports are reachable from this host."""
        return self.endpoint.address

    @property
    def local(self) -> bool:
        """Published ports are ports of this host."""
        return self.endpoint.address == "127.0.0.1"

    def look(self) -> tuple[Desired, Observed]:
        """The desired state, which depends on the kind of engine, and the observed one, from one look."""
        desired, observed, _ = self.survey()
        return desired, observed

    def survey(self) -> tuple[Desired, Observed, EngineInfo]:
        info, observed = observe(self.engine, f"{self.workspace.name}_default", image_refs(self.workspace))
        return compile_workspace(self.workspace, info, self.uid, self.gid), observed, info
