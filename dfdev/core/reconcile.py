"""Desired state against observed state gives a plan. Pure: no call, no clock, no file.

Whose a container is says `ours`; what is not this workspace's is never touched. A container with data gives way only
to one that serves: the new one is made beside it, and what a killed command has left of that is finished, or forgotten
where the new one has never run: until then the old one may have been used, and nobody has agreed to lose that.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Literal

from dfdev.core.desired import Desired, Port, Service
from dfdev.core.fingerprint import fingerprint
from dfdev.core.frozen import dataclass
from dfdev.core.graph import closure
from dfdev.core.observed import Container, Network, Observed
from dfdev.core.ours import Held, held, holds_data, look_alikes, mark_of, our_network, strangers
from dfdev.core.plan import Action, Loss, Orphan, Plan, Verb


@dataclass(frozen=True)
class Choices:
    """What the user asked for beyond the file.

    `only`: these services and what they need (empty: all). `keep`: stateful services whose container stays as it
    is even if it differs. `remove_orphans`: containers of services that left the file go. `renew`: services whose
    container is thrown away with all that is in it and made anew; who asks for that has asked the user.
    """

    only: frozenset[str] = frozenset()
    keep: frozenset[str] = frozenset()
    remove_orphans: bool = False
    renew: frozenset[str] = frozenset()


_ALL = Choices()
_BEYOND: Mapping[str, Literal["dead", "removing"]] = {"dead": "dead", "removing": "removing"}
"""States from which no container comes back."""


def reconcile(desired: Desired, observed: Observed, choices: Choices = _ALL) -> Plan:
    """The steps from `observed` to `desired`; an empty plan when there is nothing to do."""
    wanted = selected(desired, choices.only)
    ours = held(desired.workspace, observed.containers)
    now = {name: found.now for name, found in ours.items()}
    network = our_network(desired, observed.networks)
    plan = _PlanOf(desired, observed, network, choices, _pulled(wanted, now, observed.images))
    if network is None and wanted:
        plan.add("create network", desired.network, "there is none")
    for service in wanted:
        plan.service(service, ours.get(service.name))
    plan.orphans(ours)
    return plan.finish()


def selected(desired: Desired, only: Collection[str]) -> tuple[Service, ...]:
    """The services named, and what they need; all of them when none is named. In the file's order."""
    graph = {s.name: s.depends_on for s in desired.services}
    names = closure(graph, only) if only else frozenset(graph)
    return tuple(s for s in desired.services if s.name in names)


def _pulled(
    wanted: Iterable[Service], ours: Mapping[str, Container], images: Mapping[str, str | None]
) -> frozenset[str]:
    """Images that must be fetched for a new container. Who else runs one of them gets the fetched one too."""
    missing = [s for s in wanted if images.get(s.image) is None]
    return frozenset(s.image for s in missing if s.name not in ours or recreate_reason(s, ours[s.name], None))


def recreate_reason(service: Service, container: Container, image_id: str | None) -> str:
    """Why this container cannot serve as it is, "" when it can."""
    if container.state in _BEYOND:
        return f"its container is {container.state}"
    if container.state == "created":
        return "it was made and never started"
    if mark_of(container).config_hash != fingerprint(service):
        return "its configuration changed"
    if image_id is not None and container.image_id != image_id:
        return f"{service.image} is a new image"
    return ""


def _to_wait_for(service: Service, container: Container) -> bool:
    """Docker's word on a fresh container lags; where the question is dfdev's own, `up` asks it anyway."""
    asked = service.health.kind in ("mysql", "command")
    return container.health == "unhealthy" or (container.health == "starting" and not asked)


class _PlanOf:
    """The plan in the making."""

    def __init__(
        self,
        desired: Desired,
        observed: Observed,
        network: Network | None,
        choices: Choices,
        pulled: frozenset[str],
    ) -> None:
        self._desired = desired
        self._pulled = pulled
        self._images: Mapping[str, str | None] = observed.images
        self._network = network
        self._choices = choices
        self._actions: dict[str, Action] = {}
        self._freed: dict[Port, str] = {}
        """Port -> key of the step that frees it."""
        self._look_alikes = tuple(c.name for c in look_alikes(desired.workspace, observed.containers))
        self._orphans: list[Orphan] = []
        self._losses: list[Loss] = []
        self._kept: list[Loss] = []
        self._forgotten: list[str] = []

    def add(
        self,
        verb: Verb,
        subject: str,
        reason: str,
        service: Service | None = None,
        target: str = "",
        after: Iterable[str] = (),
        name: str = "",
        with_data: bool = False,
        volumes: Mapping[str, str] | None = None,
    ) -> str:
        action = Action(verb, subject, reason, service, target, tuple(after), name, with_data, volumes or {})
        self._actions.setdefault(action.key, action)
        return action.key

    def service(self, service: Service, found: Held | None) -> None:
        if found is None:
            self._create(service, "it does not exist")
        elif service.name in self._choices.renew:
            self._replace(service, found, "it is thrown away", replace(service, stop_seconds=0))
        else:
            self._as_it_is(service, found)

    def _as_it_is(self, service: Service, found: Held) -> None:
        container = found.now
        reason = recreate_reason(service, container, self._images.get(service.image))
        if not reason and service.image in self._pulled:
            reason = f"{service.image} is fetched anew"
        if not reason or not self._may_recreate(service, container, reason):
            if container.state not in _BEYOND:
                self._revive(service, container)
            self._settle(service, found)
        elif holds_data(container):
            self._replace(service, found, reason, service)
        else:
            self._recreate(service, found, reason)

    def _may_recreate(self, service: Service, container: Container, reason: str) -> bool:
        if not holds_data(container):
            return True
        loss = Loss(service.name, container.name, reason, _BEYOND.get(container.state, ""))
        if service.name in self._choices.keep:
            self._kept.append(loss)
            return False
        self._losses.append(loss)
        return True

    def _create(
        self, service: Service, reason: str, after: tuple[str, ...] = (), volumes: Mapping[str, str] | None = None
    ) -> None:
        name = self._desired.container_name(service.name)
        created = self._created(service, reason, after, "", name, volumes)
        self._start(service, "", "it was just created", (created,))

    def _created(
        self,
        service: Service,
        reason: str,
        after: tuple[str, ...],
        replaces: str,
        name: str,
        volumes: Mapping[str, str] | None = None,
    ) -> str:
        needs = [*after, *self._has("create network", self._desired.network)]
        if self._images.get(service.image) is None:
            self.add("pull image", service.image, "the engine does not have it", service)
        return self.add("create", service.name, reason, service, replaces, needs, name, volumes=volumes)

    def _recreate(self, service: Service, found: Held, reason: str) -> None:
        """Of a container without data of its own; its volumes go on in the new one."""
        after = self._cleared(service, found)
        if found.now.running:
            after = (*after, self._stop(service.name, reason, service, found.now))
        removed = self._remove(service.name, reason, service, found.now, after)
        self._create(service, reason, (removed,), {m.target: m.source for m in found.now.mounts if m.type == "volume"})

    def _replace(self, service: Service, found: Held, reason: str, stopped_as: Service) -> None:
        """Of one with data, which goes when the new one serves. `stopped_as`: says how long it may take to stop."""
        old, after = found.now, self._cleared(service, found)
        name = self._desired.other_name(service.name, old.name)
        after = (self._created(service, reason, after, old.id, name),)
        if old.running:
            after = (*after, self._stop(service.name, reason, stopped_as, old, after))
        self._start(service, "", "it was just created", after)
        removed = self._remove(service.name, reason, service, old, (f"wait for {service.name}",))
        self._rename(service, name, "", (removed,))

    def _settle(self, service: Service, found: Held) -> None:
        """What was only begun is forgotten, and nothing is lost with it; what came further is finished."""
        if found.begun is not None:
            self._forgotten.append(service.name)
        if found.left is not None:
            self._wait(service, "it has taken the place of another", ())
        removed = self._cleared(service, found, self._has("wait for", service.name))
        self._rename(service, found.now.name, found.now.id, removed)

    def _cleared(self, service: Service, found: Held, after: tuple[str, ...] = ()) -> tuple[str, ...]:
        reason = "a replacement was interrupted"
        return tuple(self._remove(c.name, reason, service, c, after) for c in found.others)

    def _remove(
        self, subject: str, reason: str, service: Service | None, container: Container, after: tuple[str, ...]
    ) -> str:
        """With its data only where these are the container's own: whoever has them goes by consent."""
        with_data = mark_of(container).stateful
        return self.add("remove", subject, reason, service, container.id, after, with_data=with_data)

    def _rename(self, service: Service, called: str, target: str, after: tuple[str, ...]) -> None:
        name = self._desired.container_name(service.name)
        if called != name:
            self.add("rename", service.name, "it has taken the other's place", service, target, after, name)

    def _stop(
        self, subject: str, reason: str, service: Service | None, container: Container, after: tuple[str, ...] = ()
    ) -> str:
        key = self.add("stop", subject, reason, service, container.id, after)
        self._freed.update(dict.fromkeys(container.ports, key))
        return key

    def _revive(self, service: Service, container: Container) -> None:
        """The container can serve: make it run, in the right network, and be ready."""
        after = self._reconnect(service, container)
        if container.state == "paused":
            unpaused = self.add("unpause", service.name, "it is paused", service, container.id, after)
            self._wait(service, "it was just unpaused", (unpaused,))
        elif not container.running:
            self._start(service, container.id, f"it is {container.state}", after)
        elif container.state == "restarting" or _to_wait_for(service, container):
            self._wait(service, f"it is {container.health or container.state}", after)

    def _reconnect(self, service: Service, container: Container) -> tuple[str, ...]:
        name = self._desired.network
        if self._network is not None and container.networks.get(name) in (self._network.id, ""):
            return ()
        needs = self._has("create network", name)
        return (self.add("connect", service.name, f"it is not in {name}", service, container.id, needs),)

    def _start(self, service: Service, target: str, reason: str, after: tuple[str, ...]) -> None:
        started = self.add("start", service.name, reason, service, target, (*after, *self._dependencies(service)))
        self._wait(service, "it was just started", (started,))

    def _wait(self, service: Service, reason: str, after: tuple[str, ...]) -> None:
        self.add("wait for", service.name, reason, service, "", after)

    def _dependencies(self, service: Service) -> tuple[str, ...]:
        return tuple(f"wait for {need}" for need in service.depends_on)

    def _has(self, verb: str, subject: str) -> tuple[str, ...]:
        key = f"{verb} {subject}"
        return (key,) if key in self._actions else ()

    def orphans(self, ours: Mapping[str, Held]) -> None:
        left = strangers(self._desired, {name: found.now for name, found in ours.items()})
        for name in left:
            for container in (ours[name].now, *ours[name].others):
                self._orphan(name, container)

    def _orphan(self, name: str, container: Container) -> None:
        stateful = mark_of(container).stateful
        if not self._choices.remove_orphans or (stateful and name in self._choices.keep):
            self._orphans.append(Orphan(name, container.name, stateful))
            return
        if stateful:
            self._losses.append(Loss(name, container.name, "its service left the file"))
        reason = "its service left the file"
        after = (self._stop(container.name, reason, None, container),) if container.running else ()
        self._remove(container.name, reason, None, container, after)

    def finish(self) -> Plan:
        """The plan, once it is known which steps there are: waits for services that need no step fall away."""
        actions = tuple(replace(a, after=self._after(a)) for a in self._actions.values())
        return Plan(
            actions,
            tuple(self._orphans),
            tuple(self._losses),
            tuple(self._kept),
            self._look_alikes,
            forgotten=tuple(self._forgotten),
        )

    def _after(self, action: Action) -> tuple[str, ...]:
        ports = action.service.ports if action.service and action.verb == "start" else ()
        """Also: ports that another service frees first, and all images here before anything is touched."""
        own = f"stop {action.subject}"
        frees = [key for port in ports if (key := self._freed.get(port, own)) != own]
        pulls = [k for k, a in self._actions.items() if a.verb == "pull image"]
        first = pulls if action.verb in ("create network", "create", "stop", "remove") else []
        return tuple(dict.fromkeys(k for k in (*action.after, *frees, *first) if k in self._actions))
