"""`dfdev up`: look, plan, act, prove. What is decided is decided in `core`; this is the order of things."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import field, replace
from typing import TYPE_CHECKING

from dfdev.clock.glance import settled_by
from dfdev.clock.reading import Reading
from dfdev.core.as_it_is import as_it_is
from dfdev.core.clock import beyond
from dfdev.core.desired import Desired, Service
from dfdev.core.events import Emit, Notice, Progress
from dfdev.core.frozen import dataclass
from dfdev.core.observed import Container, EngineInfo, Observed
from dfdev.core.ours import by_service
from dfdev.core.plan import Loss, Plan
from dfdev.core.questions import Questions
from dfdev.core.reconcile import Choices, reconcile, selected
from dfdev.core.typed import typed
from dfdev.errors import ClockRefused, ConfigError, DfdevError, EngineHung, Overtaken
from dfdev.stack.act import Actor
from dfdev.stack.carry_out import carry_out
from dfdev.stack.memory import Memory, memory_of
from dfdev.stack.obstacles import must_be_clear
from dfdev.stack.proof import Proof, must_hold, prove
from dfdev.stack.ready import Readiness
from dfdev.stack.rows import ServiceRow, service_rows, targets, with_proofs
from dfdev.stack.settle import settled
from dfdev.stack.site import Site
from dfdev.stack.tell import tell_left_alone
from dfdev.system.folders import make_folder
from dfdev.system.parallel import spread
from dfdev.workspace.values import parse_seconds

if TYPE_CHECKING:
    from dfdev.clock.keeping import Keeper

Confirm = Callable[[Sequence[Loss]], bool]
"""Whether the data of these containers may go."""


@dataclass(frozen=True)
class UpResult:
    """`seconds`: how long each part took (look, clock, act, prove, total)."""

    plan: Plan
    rows: list[ServiceRow] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    clock: Reading | None = None


def plan_up(site: Site, choices: Choices, confirm: Confirm) -> tuple[Desired, Observed, EngineInfo, Plan]:
    """What `up` would do, after asking about data that would be lost. Raises what stands in its way."""
    desired, observed, info = site.survey()
    _known(desired, choices.only)
    plan = reconcile(desired, observed, choices)
    if plan.losses and not confirm(plan.losses):
        keep = frozenset(loss.service for loss in plan.losses)
        choices = replace(choices, keep=keep)
        kept = reconcile(desired, observed, choices).kept
        _must_be_of_use(kept)
        desired = _as_left(site, desired, observed, keep)
        plan = replace(reconcile(desired, observed, choices), kept=kept)
    must_be_clear(site, desired, observed, plan)
    return desired, observed, info, plan


def _as_left(site: Site, desired: Desired, observed: Observed, keep: frozenset[str]) -> Desired:
    """What stays as it is is started and waited for as it is. One that stands still is looked at once more: a listing
    does not tell its ports.
    """
    ours = by_service(desired.workspace, observed.containers)

    def left(service: Service) -> Service:
        container = ours.get(service.name)
        if service.name not in keep or container is None:
            return service
        return as_it_is(service, container if container.running else site.engine.container(container.id))

    return replace(desired, services=tuple(left(s) for s in desired.services))


def _must_be_of_use(kept: Sequence[Loss]) -> None:
    """DfdevError: what is kept will not run again. Overtaken: somebody removes it at this moment."""
    for loss in kept:
        if loss.beyond == "removing":
            raise Overtaken(f"{loss.container} is being removed", "`docker ps -a` shows when it is gone")
        if loss.beyond == "dead":
            out = typed("docker cp", f"{loss.container}:/")
            raise DfdevError(
                f"{loss.container} is dead: it cannot run again, and a new container would not have its data",
                f"`{out} FOLDER` gets out what is left; `dfdev up --yes` lets it go",
            )


def up(site: Site, choices: Choices, confirm: Confirm, questions: Questions, emit: Emit) -> UpResult:
    """Bring the workspace up and prove it. The plan of the result is what was done (by the last attempt)."""
    for text in site.located.shadows:
        emit(Notice(text, warning=True))
    try:
        return _until_settled(site, choices, confirm, questions, emit)
    except EngineHung as hung:
        from dfdev.stack.wake import fell_silent

        raise fell_silent(site, hung) from hung


def _until_settled(site: Site, choices: Choices, confirm: Confirm, questions: Questions, emit: Emit) -> UpResult:
    try:
        return settled(lambda: _bring_up(site, choices, confirm, questions, emit), emit)
    except ClockRefused as refused:
        _keeper(site).rescue(questions, emit, refused)
    return settled(lambda: _bring_up(site, choices, confirm, questions, emit), emit)


def _bring_up(site: Site, choices: Choices, confirm: Confirm, questions: Questions, emit: Emit) -> UpResult:
    clock = _Clock()
    desired, observed, info, plan = plan_up(site, choices, confirm)
    tell_left_alone(plan, emit)
    memory = memory_of(site, info)
    _tell_loss(memory, selected(desired, choices.only), observed, emit)
    clock.lap("look")
    reading = _clock_kept(site, info, questions, emit)
    clock.lap("clock")
    if plan:
        from dfdev.stack.ground import must_be_fit

        must_be_fit(desired, plan, info, site, emit)
    wanted = selected(desired, choices.only)
    _make_log_folders(wanted, site)
    readiness = Readiness(site.engine, site.address)
    ours = by_service(desired.workspace, observed.containers)
    actor = Actor(site.engine, desired, readiness, emit, {name: found.id for name, found in ours.items()}, site.gate)
    memory.forget_what_goes(plan)
    took = carry_out(plan, actor, emit) if plan else {}
    clock.lap("act")
    containers = site.engine.containers() if plan else list(observed.containers)
    memory.remember(by_service(desired.workspace, containers).values())
    rows, proofs = _verify(site, desired, wanted, plan, actor, readiness, containers, emit)
    must_hold(proofs, desired.home, started_before=True)
    clock.lap("prove")
    if plan and site.located.whose(info).here:
        reading = _keeper(site).keep_on(info, reading, questions, emit)
    return UpResult(plan, _timed(with_proofs(rows, proofs), took), clock.all(), reading)


def _tell_loss(memory: Memory, wanted: Sequence[Service], observed: Observed, emit: Emit) -> None:
    for service in wanted:
        if service.stateful:
            memory.tell_loss(observed.containers, service.image, emit)


def _clock_kept(site: Site, info: EngineInfo, questions: Questions, emit: Emit) -> Reading:
    """On this host the answer that was asked for anyway is enough; a machine's clock is kept."""
    tolerance = beyond(parse_seconds(site.workspace.config.clock.tolerance))
    return settled_by(info.clock, site.located.whose(info), tolerance) or _keeper(site).keep(info, questions, emit)


def _keeper(site: Site) -> Keeper:
    """Imported for an engine in a machine, or with a clock that is off: not on the way of every morning."""
    from dfdev.stack.keeper import keeper_of

    return keeper_of(site)


def _verify(
    site: Site,
    desired: Desired,
    wanted: Sequence[Service],
    plan: Plan,
    actor: Actor,
    readiness: Readiness,
    containers: Sequence[Container],
    emit: Emit,
) -> tuple[list[ServiceRow], list[Proof]]:
    """What the plan did not touch is asked and proven too: running is not the same as serving."""
    waited = {a.subject for a in plan.actions if a.verb == "wait for"}
    names = {s.name for s in wanted}
    rows = [r for r in service_rows(desired, containers, site.address) if r.name in names]
    rest = [row for row in rows if row.name not in waited]

    def ask(row: ServiceRow) -> None:
        key = f"wait for {row.name}"
        readiness.wait(desired.service(row.name), row.container, lambda text: emit(Progress(key, text)))

    for row in rows:
        if row.state != "running":
            readiness.still_runs(desired.service(row.name), row.container)
    spread(ask, [row for row in rest if _is_asked(desired.service(row.name), row)], workers=8)
    return [_answered(desired, row) for row in rows], [*actor.proofs, *prove(site.engine, targets(desired, rest))]


def _is_asked(service: Service, row: ServiceRow) -> bool:
    """HTTP and TCP every time; what Docker's own health check runs only until Docker says healthy."""
    kind = service.health.kind
    return kind in ("http", "tcp") or (kind in ("mysql", "command") and row.health != "healthy")


def _answered(desired: Desired, row: ServiceRow) -> ServiceRow:
    """It has just answered our own question: Docker's word lags behind."""
    return row if desired.service(row.name).health.kind == "image" else replace(row, health="healthy")


def _known(desired: Desired, names: frozenset[str]) -> None:
    unknown = sorted(names - desired.by_name.keys())
    if unknown:
        known = ", ".join(s.name for s in desired.services) or "none"
        raise DfdevError(f"there is no service {', '.join(unknown)} in dfdev.toml", f"the services are: {known}")


def _make_log_folders(services: Sequence[Service], site: Site) -> None:
    """A fresh clone has no log folders: git keeps no empty ones."""
    for service in services:
        for mount in service.mounts:
            if mount.role == "logs":
                try:
                    make_folder(site.gate.inside(f"services.{service.name}.logs", mount.source), site.uid, site.gid)
                except OSError as error:
                    raise ConfigError(
                        f"services.{service.name}.logs: cannot make {mount.source}: {error.strerror}",
                        "make the folder yourself, or name another one",
                    ) from error


def _timed(rows: list[ServiceRow], took: dict[str, float]) -> list[ServiceRow]:
    """Seconds of a service: the steps that name it, the wait for what it needs not counted."""
    verbs = ("pull image", "stop", "remove", "connect", "create", "start", "unpause", "wait for", "rename")
    return [replace(r, seconds=sum(took.get(f"{verb} {r.name}", 0.0) for verb in verbs)) for r in rows]


class _Clock:
    """Laps of one command, in seconds."""

    def __init__(self) -> None:
        self._began = self._last = time.monotonic()
        self._laps: dict[str, float] = {}

    def lap(self, name: str) -> None:
        now = time.monotonic()
        self._laps[name] = round(now - self._last, 3)
        self._last = now

    def all(self) -> dict[str, float]:
        return {**self._laps, "total": round(time.monotonic() - self._began, 3)}
