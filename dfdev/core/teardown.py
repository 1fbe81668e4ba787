"""What `down` does, as a plan. Pure.

Containers that hold data are stopped and kept (with their network) unless the user asks for the data to go; then
nobody waits for a clean shutdown of what is thrown away.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from dfdev.core.declared import of_workspace
from dfdev.core.desired import Desired, Service
from dfdev.core.graph import dependants
from dfdev.core.labels import DECLARED, SERVICE
from dfdev.core.observed import Container, Network, Observed
from dfdev.core.ours import held, holds_data, look_alikes, mark_of, our_network
from dfdev.core.plan import Action, Guest, Loss, Plan


def teardown(desired: Desired, observed: Observed, *, with_data: bool = False) -> Plan:
    """Stop dependants before what they need, remove containers (orphans too), then the network if nothing stays."""
    both = held(desired.workspace, observed.containers)
    ours = {name: found.now for name, found in both.items()}
    actions: list[Action] = []
    losses: list[Loss] = []
    kept: list[Loss] = []
    for name, container in ours.items():
        stays = holds_data(container) and not with_data
        actions += _steps(desired, ours, name, container, stays)
        others = tuple(c for c in both[name].others if not stays or not holds_data(c))
        actions += [_removal(c.name, "a replacement was interrupted", None, c) for c in others]
        lost = [Loss(name, c.name, "down with its data") for c in (container, *others) if holds_data(c)]
        (kept if stays else losses).extend(lost)
    if with_data:
        _volumes(desired, observed, actions, losses)
    network = our_network(desired, observed.networks)
    guests = _guests(network, {c.id for f in both.values() for c in (f.now, *f.others)}, observed)
    if network is not None and not kept and not guests:
        removes = tuple(a.key for a in actions if a.verb == "remove")
        actions.append(Action("remove network", network.name, "nothing is left in it", None, network.id, removes))
    twins = tuple(c.name for c in look_alikes(desired.workspace, observed.containers))
    begun = () if with_data else tuple(name for name, found in both.items() if found.left is not None)
    return Plan(
        tuple(actions), losses=tuple(losses), kept=tuple(kept), look_alikes=twins, unfinished=begun, guests=guests
    )


def _guests(network: Network | None, ours: Collection[str], observed: Observed) -> tuple[Guest, ...]:
    """Others' containers that run in the network: the engine does not remove one that is in use. `ours`: ids."""
    if network is None:
        return ()
    running = [c for c in observed.containers if c.running and network.id in c.networks.values()]
    return tuple(Guest(name, network.name) for name in sorted(c.name for c in running if c.id not in ours))


def _volumes(desired: Desired, observed: Observed, actions: list[Action], losses: list[Loss]) -> None:
    removes = tuple(a.key for a in actions if a.verb == "remove")
    for volume in of_workspace(desired.workspace, observed.volumes):
        service, path = volume.labels[SERVICE], volume.labels[DECLARED]
        losses.append(Loss(service, volume.name, f"the volume of {service} at {path}"))
        actions.append(Action("remove volume", volume.name, "down with its data", None, volume.name, removes))


def _steps(
    desired: Desired, ours: Mapping[str, Container], name: str, container: Container, stays: bool
) -> list[Action]:
    service = desired.by_name.get(name)
    reason = "the workspace goes down" if service else "its service left the file"
    steps = []
    gone_with_its_data = holds_data(container) and not stays
    after = tuple(f"stop {n}" for n in _users(desired, service) if n in ours and ours[n].running)
    if container.running and not gone_with_its_data:
        steps.append(Action("stop", name, reason, service, container.id, after))
        after = (steps[0].key,)
    if not stays:
        steps.append(_removal(name, reason, service, container, after))
    return steps


def _removal(
    subject: str, reason: str, service: Service | None, container: Container, after: tuple[str, ...] = ()
) -> Action:
    with_data = mark_of(container).stateful
    return Action("remove", subject, reason, service, container.id, after, with_data=with_data)


def _users(desired: Desired, service: Service | None) -> list[str]:
    """The services that need this one, directly or not: they stop first."""
    if service is None:
        return []
    graph = {s.name: s.depends_on for s in desired.services}
    return sorted(dependants(graph, [service.name]) - {service.name})
