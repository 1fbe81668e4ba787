"""What users are told about each service: the rows of `up` and `status`. Values only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from dfdev.core.as_it_is import as_it_is
from dfdev.core.desired import Desired, Service
from dfdev.core.frozen import dataclass
from dfdev.core.observed import Container
from dfdev.core.ours import NOBODYS, by_service, mark_of, strangers
from dfdev.stack.proof import Proof, Target
from dfdev.stack.stale import made_on


@dataclass(frozen=True)
class MountRow:
    """`proven` is None when there was no running container to prove it through."""

    source: str
    target: str
    role: str
    proven: bool | None = None
    why: str = ""
    made_on: str = ""
    """Identity of the folder that the container was made on, "" when it is not known."""


@dataclass(frozen=True)
class ServiceRow:
    """`state`: running, exited, …, "absent", or "orphan". `seconds`: spent on it by this command."""

    name: str
    state: str
    health: str = ""
    image: str = ""
    container: str = ""
    ports: tuple[str, ...] = ()
    url: str = ""
    mounts: tuple[MountRow, ...] = ()
    seconds: float = 0.0

    def as_json(self) -> dict[str, object]:
        mounts = [{"source": m.source, "target": m.target, "proven": m.proven} for m in self.mounts]
        return {
            "name": self.name,
            "state": self.state,
            "health": self.health,
            "image": self.image,
            "ports": list(self.ports),
            "url": self.url,
            "mounts": mounts,
        }


def service_rows(desired: Desired, containers: Iterable[Container], address: str) -> list[ServiceRow]:
    """In the file's order, orphans last."""
    ours = by_service(desired.workspace, containers)
    rows = [_row(service, ours.get(service.name), address) for service in desired.services]
    rows += [
        ServiceRow(name, f"orphan, {c.state}", c.health, c.image, c.name)
        for name, c in sorted(strangers(desired, ours).items())
    ]
    return rows


def _row(service: Service, container: Container | None, address: str) -> ServiceRow:
    mark = mark_of(container) if container else NOBODYS
    service = as_it_is(service, container) if container else service
    made = made_on(mark.folders)
    bound = (m for m in service.mounts if m.of_host)
    mounts = tuple(MountRow(m.source, m.target, m.role, made_on=made.get(m.target, "")) for m in bound)
    row = ServiceRow(
        service.name,
        "absent",
        image=mark.image or service.image,
        ports=tuple(dict.fromkeys(str(p) for p in service.ports)),
        url=url(service, address),
        mounts=mounts,
    )
    if container is None:
        return row
    return replace(row, state=container.state, health=container.health, container=container.id)


def targets(desired: Desired, rows: Iterable[ServiceRow]) -> list[Target]:
    """The mounts that can be proven now: those of running containers."""
    running = [row for row in rows if row.state == "running" and row.name in desired.by_name]
    made = {(row.name, m.target): m.made_on for row in running for m in row.mounts}
    return [
        Target(row.name, row.container, mount, made.get((row.name, mount.target), ""))
        for row in running
        for mount in desired.service(row.name).mounts
    ]


def with_proofs(rows: Iterable[ServiceRow], proofs: Iterable[Proof]) -> list[ServiceRow]:
    found = {(p.target.service, p.target.mount.target): p for p in proofs}
    return [replace(row, mounts=tuple(_proven(row.name, m, found) for m in row.mounts)) for row in rows]


def _proven(service: str, mount: MountRow, found: Mapping[tuple[str, str], Proof]) -> MountRow:
    proof = found.get((service, mount.target))
    return mount if proof is None else replace(mount, proven=proof.proven, why=proof.missing)


def url(service: Service, address: str) -> str:
    """Where a person finds it from this host, "" when nothing is published."""
    port = next(iter(service.ports), None)
    if port is None:
        return ""
    scheme = {"mysql": "mysql"}.get(service.kind, "http")
    path = {"registry": "/v2/"}.get(service.kind, "" if scheme == "mysql" else "/")
    return f"{scheme}://{address}:{port.host}{path}"
