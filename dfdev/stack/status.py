"""`dfdev status`: what runs, whether it serves, whether its mounts are what they should be. Changes nothing."""

from __future__ import annotations

from dfdev.core.frozen import dataclass
from dfdev.core.observed import EngineInfo
from dfdev.core.ours import held, unfinished
from dfdev.stack.proof import Proof, Target, prove
from dfdev.stack.rows import ServiceRow, service_rows, targets, with_proofs
from dfdev.stack.site import Site
from dfdev.workspace.gate import Gate


@dataclass(frozen=True)
class Status:
    site: Site
    info: EngineInfo
    rows: list[ServiceRow]
    proofs: list[Proof]
    unfinished: tuple[str, ...] = ()
    """Services whose container a killed command was about to replace."""

    def as_json(self) -> dict[str, object]:
        endpoint = self.site.endpoint
        return {
            "workspace": self.site.workspace.name,
            "home": str(self.site.workspace.home),
            "engine": {
                "endpoint": endpoint.host,
                "source": endpoint.source,
                "version": self.info.version,
                "api": self.info.api,
                "os": self.info.os,
                "name": self.info.name,
                "native": self.info.native,
            },
            "services": [row.as_json() for row in self.rows],
            "unfinished": list(self.unfinished),
        }


def status(site: Site) -> Status:
    desired, observed, info = site.survey()
    rows = service_rows(desired, observed.containers, site.address)
    todo = targets(desired, rows)
    proofs = [proof for target in todo for proof in _refused(site.gate, target)]
    proofs += prove(site.engine, [target for target in todo if not _refused(site.gate, target)])
    begun = unfinished(held(desired.workspace, observed.containers))
    return Status(site, info, with_proofs(rows, proofs), proofs, begun)


def _refused(gate: Gate, target: Target) -> list[Proof]:
    """That a mount leads outside DFHOME, as it may where the engine itself has started a container anew; else []."""
    if not target.mount.of_host or gate.permits(target.mount.source):
        return []
    real = gate.real(target.mount.source)
    return [Proof(target, f"{real}, which is outside DFHOME and which nobody allowed", outside=True)]
