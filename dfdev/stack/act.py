"""One step of a plan is one call of the engine. No decision is taken here."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Mapping

from dfdev.core import labels
from dfdev.core.declared import declared_volumes
from dfdev.core.desired import Desired, Service
from dfdev.core.events import Emit, Progress
from dfdev.core.plan import Action, Plan, Verb
from dfdev.engine.protocol import ContainerSpec, Engine, Reader
from dfdev.errors import EngineError, NotFound
from dfdev.stack.blame import blamed
from dfdev.stack.outside import must_lead_inside
from dfdev.stack.proof import Proof, Target, must_hold, prove
from dfdev.stack.ready import Readiness
from dfdev.stack.stale import folders_label
from dfdev.workspace.gate import Gate

_ENDINGS = 6
"""Stops and removals under way at once: forty at once take the engine a quarter longer. Starts gain by being many."""


class Actor:
    """Carries out the steps of one plan; `running` maps service -> container id, kept up to date."""

    def __init__(
        self, engine: Engine, desired: Desired, readiness: Readiness, emit: Emit, running: Mapping[str, str], gate: Gate
    ) -> None:
        self._engine = engine
        self._desired = desired
        self._readiness = readiness
        self._emit = emit
        self._ids = dict(running)
        self._gate = gate
        self._endings = threading.BoundedSemaphore(_ENDINGS)
        self._done: set[str] = set()
        self.proofs: list[Proof] = []

    def __call__(self, action: Action) -> None:
        if action.verb == "wait for":
            self._wait_for(action)
        else:
            self._call(action)
        self._done.add(action.key)

    def _call(self, action: Action) -> None:
        try:
            with self._endings if action.verb in ("stop", "remove") else contextlib.nullcontext():
                self._verbs[action.verb](action)
        except EngineError as error:
            raise blamed(action, error) from error

    def take_back(self, plan: Plan) -> list[str]:
        """After a failure: what was to be replaced by a container that does not serve comes back. The services that ran
        before, and run again.
        """
        replaced = [a for a in plan.actions if a.verb == "create" and a.target and a.key in self._done]
        return [a.subject for a in replaced if f"wait for {a.subject}" not in self._done and self._taken_back(a, plan)]

    def _taken_back(self, created: Action, plan: Plan) -> bool:
        """Whether it ran. EngineError: both are there, and the next command finishes what was begun."""
        self._engine.remove(self._ids[created.subject], volumes=True)
        self._ids[created.subject] = created.target
        ran = any(a.verb == "stop" and a.target == created.target for a in plan.actions)
        if ran:
            self._engine.start(created.target)
        return ran

    @property
    def _verbs(self) -> Mapping[Verb, Callable[[Action], None]]:
        engine = self._engine
        return {
            "pull image": lambda a: engine.pull(a.subject, lambda line: self._emit(Progress(a.key, line))),
            "create network": self._create_network,
            "remove network": lambda a: engine.remove_network(a.target),
            "connect": lambda a: engine.connect(a.target, self._desired.network, a.subject),
            "create": self._create,
            "start": self._start,
            "unpause": lambda a: engine.unpause(a.target),
            "rename": lambda a: engine.rename(self._id(a), a.name),
            "stop": lambda a: engine.stop(a.target, a.service.stop_seconds if a.service else 10),
            "remove": lambda a: engine.remove(a.target, volumes=a.with_data),
            "remove volume": lambda a: engine.remove_volume(a.target),
        }

    def _create_network(self, action: Action) -> None:
        self._engine.create_network(action.subject, labels.for_network(self._desired))

    def _create(self, action: Action) -> None:
        service = _service(action)
        must_lead_inside(self._gate, service.name, service.mounts)
        marks = labels.for_service(self._desired, service) | {labels.FOLDERS: folders_label(service)}
        if action.target:
            marks[labels.REPLACES] = action.target
        paths = image_volumes(self._engine, service)
        volumes = declared_volumes(self._desired.workspace, service, paths, action.volumes)
        spec = ContainerSpec(action.name, service, self._desired.network, marks, volumes)
        self._ids[service.name] = self._engine.create(spec)

    def _start(self, action: Action) -> None:
        if action.service is not None:
            must_lead_inside(self._gate, action.subject, action.service.mounts)
        if action.target and action.service is not None and action.service.stateful:
            self._write_again(action.target, action.service)
        self._engine.start(self._id(action))

    def _write_again(self, container: str, service: Service) -> None:
        """What a snapshot that was killed has left empty: nothing of one's own goes into an image."""
        for file in service.files:
            with contextlib.suppress(NotFound):
                if not self._engine.read_file(container, file.path):
                    owner = {"mode": file.mode, "uid": file.uid, "gid": file.gid}
                    self._engine.write_file(container, file.path, file.content, **owner)

    def _wait_for(self, action: Action) -> None:
        """Mounts first: an app without its code never gets ready, and the mount is the reason to give."""
        service, container, since = _service(action), self._ids[action.subject], time.monotonic()
        proofs = prove(self._engine, [Target(service.name, container, m) for m in service.mounts])
        self.proofs += proofs
        must_hold(proofs, self._desired.home)
        self._readiness.wait(service, container, lambda text: self._emit(Progress(action.key, text)), since)

    def _id(self, action: Action) -> str:
        return action.target or self._ids[action.subject]


def image_volumes(engine: Reader, service: Service) -> tuple[str, ...]:
    """Paths that its image declares as volumes. One that is not there is told by the call that makes a container."""
    with contextlib.suppress(NotFound):
        return engine.image(service.image).volumes
    return ()


def _service(action: Action) -> Service:
    assert action.service is not None, f"a plan made {action.key} without its service"
    return action.service
