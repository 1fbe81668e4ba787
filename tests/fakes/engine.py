"""An engine in memory, with the semantics that dfdev relies on; it passes the same contract suite as real ones.

Bind mounts lead to real folders of this host, so that mounts can be proven. Thread-safe. What goes wrong is given
to the constructor.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path

from dfdev.core.clock import SECOND, Exchange
from dfdev.core.observed import Container, EngineInfo, Network, State, Volume
from dfdev.engine.protocol import AS_IS, ContainerSpec, ExecResult, Image, ImageConfig, LogLine, OnLine, Session, Size
from dfdev.errors import Conflict, EngineError, NotFound
from tests.fakes.box import Box
from tests.fakes.clock import asked
from tests.fakes.cupboard import Cupboard
from tests.fakes.networks import Networks
from tests.fakes.session import local_session
from tests.fakes.shelf import Shelf
from tests.fakes.woes import Woes

NATIVE = EngineInfo("28.5.2", "1.45", "Debian GNU/Linux 12", "here", native=True)

OnExec = Callable[[str, list[str]], ExecResult]
OnPipe = Callable[[str, list[str], bytes], tuple[int, str, bytes]]
"""Container, argv, all of its input -> exit code, stderr, stdout."""


class FakeEngine:
    """`images`: reference -> id. `registry`: what `pull` finds. `containers`, `networks`: what is there already.

    `fail_on`: "start www" (verb and service, network or image) -> the error that it raises, every time.
    `dies_after`: acting calls until the engine is gone, until `revive`. `exits`: service -> code with which it
    stops as soon as it is started. `healthy_after`: listings from start to a health check's success, for services
    with one and for `checked` images. `on_once`: what a one-off container does, `on_pipe`: a command with an input.
    `unshared`: bind sources that the "VM" does not see. `ports_taken`: by others. `skew`: its clock, in ns ahead.
    """

    def __init__(
        self,
        *,
        info: EngineInfo = NATIVE,
        images: Mapping[str, str] | None = None,
        registry: Mapping[str, str] | None = None,
        containers: Iterable[Container] = (),
        networks: Iterable[Network] = (),
        fail_on: Mapping[str, Exception] | None = None,
        dies_after: int | None = None,
        exits: Mapping[str, int] | None = None,
        healthy_after: int = 2,
        checked: Collection[str] = (),
        unshared: Collection[str] = (),
        ports_taken: Collection[int] = (),
        log: Mapping[str, Iterable[str]] | None = None,
        on_exec: OnExec = lambda _name, _argv: ExecResult(0, ""),
        on_once: OnExec = lambda _image, _argv: ExecResult(0, ""),
        on_pipe: OnPipe = lambda _name, _argv, _input: (0, "", b""),
        skew: int = 0,
    ) -> None:
        self._info = info
        self._shelf = Shelf(images or {})
        self._cupboard = Cupboard()
        self._registry = dict(registry or {})
        self._boxes = {c.id: Box(c) for c in containers}
        self._networks = Networks(networks)
        self._woes = Woes(fail_on or {}, dies_after)
        self.exits = dict(exits or {})
        self._healthy_after = healthy_after
        self._checked = frozenset(checked)
        self._unshared = frozenset(unshared)
        self._ports_taken = frozenset(ports_taken)
        self._log = {name: tuple(lines) for name, lines in (log or {}).items()}
        self._on_exec = on_exec
        self._on_once = on_once
        self._on_pipe = on_pipe
        self.skew = skew
        self.tells_time = True
        """Whether `/info` has a SystemTime."""
        self._lock = threading.RLock()
        self._numbers = count(1)
        self.calls: list[str] = []
        """The acting calls so far, as "verb subject"."""
        self.looks = 0
        """The listings so far."""
        self.closed = False

    # -- looking

    def info(self) -> EngineInfo:
        self._awake()
        return replace(self._info, clock=asked(self.skew, 1) if self.tells_time else None)

    def date(self, seconds: float | None = None) -> Exchange | None:
        self._awake()
        return asked(self.skew, SECOND)

    def images(self) -> list[str]:
        self._awake()
        return list(self._shelf.ids)

    def containers(self) -> list[Container]:
        self._awake()
        with self._lock:
            self.looks += 1
            for box in self._boxes.values():
                box.tick()
            return [
                replace(box.container, exit_code=None, health_log="", bindings=None) for box in self._boxes.values()
            ]

    def container(self, id: str) -> Container:
        self._awake()
        return self._box(id).container

    def networks(self, name: str) -> list[Network]:
        self._awake()
        with self._lock:
            return self._networks.named(name)

    def image_id(self, ref: str) -> str | None:
        self._awake()
        return self._shelf.id_of(ref)

    def image_labels(self, ref: str) -> Mapping[str, str]:
        self._awake()
        return self._shelf.labels(ref)

    def image(self, ref: str) -> Image:
        self._awake()
        return self._shelf.image(ref)

    def labelled_images(self, label: str) -> list[Image]:
        self._awake()
        return self._shelf.labelled(label)

    def volumes(self, label: str) -> list[Volume]:
        self._awake()
        return self._cupboard.labelled(label)

    def written(self, container: str) -> int:
        self._awake()
        return self._box(container).written

    def read_file(self, container: str, path: str) -> bytes:
        self._awake()
        return self._box(container).read(path)

    def write_file(self, container: str, path: str, data: bytes, *, mode: int, uid: int, gid: int) -> None:
        self._awake()
        self._box(container).write(path, data)

    def close(self) -> None:
        self.closed = True

    # -- acting

    def pull(self, ref: str, on_line: OnLine) -> None:
        self._act("pull image", ref)
        if ref not in self._registry:
            raise NotFound(f"there is no image {ref}: not found")
        on_line(f"pulling {ref}")
        self._shelf.ids[ref] = self._registry[ref]

    def create_network(self, name: str, labels: Mapping[str, str]) -> str:
        with self._lock:
            self._act("create network", name)
            return self._networks.create(name, labels)

    def remove_network(self, id: str) -> None:
        with self._lock:
            self._act("remove network", self._networks.name_of(id))
            self._networks.remove(id, [box.container for box in self._boxes.values()])

    def connect(self, container: str, network: str, alias: str) -> None:
        with self._lock:
            box = self._box(container)
            self._act("connect", box.service)
            box.change(networks={**box.container.networks, network: self._networks.id_of(network)})

    def create(self, spec: ContainerSpec) -> str:
        with self._lock:
            self._act("create", spec.service.name)
            image = self._shelf.image(spec.service.image)
            self._check_create(spec)
            made = replace(spec, labels={**image.labels, **spec.labels})
            volumes = self._cupboard.mounted(made, image.volumes)
            box = Box.created(f"c{next(self._numbers):04d}", made, image.id, self._unshared, volumes)
            box.stored = self._cupboard.files
            box.change(networks={spec.network: self._networks.id_of(spec.network)})
            self._boxes[box.container.id] = box
            return box.container.id

    def start(self, id: str) -> None:
        with self._lock:
            box = self._box(id)
            self._act("start", box.service)
            if box.container.state in ("running", "restarting"):
                return
            box.must_get_ports(self._ports_taken, self._boxes.values())
            box.change(networks={name: self._networks.id_of(name) for name in box.container.networks})
            waits = box.has_check or box.container.image in self._checked
            box.start(self.exits.get(box.service), self._healthy_after if waits else None)

    def unpause(self, id: str) -> None:
        with self._lock:
            box = self._box(id)
            self._act("unpause", box.service)
            if box.container.state != "paused":
                raise EngineError(f"unpausing {id[:12]}: container is not paused")
            box.change(state="running")

    def rename(self, id: str, name: str) -> None:
        with self._lock:
            box = self._box(id)
            self._act("rename", box.service)
            if any(b.container.name == name for b in self._boxes.values()):
                raise Conflict(f"renaming {id[:12]} to {name}: the container name is already in use")
            box.change(name=name)

    def stop(self, id: str, seconds: int) -> None:
        with self._lock:
            box = self._boxes.get(id)
            self._act("stop", box.service if box else id)
            if box is not None and box.container.running:
                box.end(0)

    def remove(self, id: str, *, volumes: bool = False) -> None:
        with self._lock:
            box = self._boxes.get(id)
            self._act("remove", box.service if box else id)
            self._boxes.pop(id, None)
            if box is not None and volumes:
                self._cupboard.remove_anonymous(box.container.mounts)

    def remove_volume(self, name: str) -> None:
        with self._lock:
            self._act("remove volume", name)
            if any(m.source == name for b in self._boxes.values() for m in b.container.mounts):
                raise Conflict(f"removing volume {name}: volume is in use")
            self._cupboard.remove(name)

    def exec(self, id: str, argv: list[str], *, timeout: float, env: Mapping[str, str] | None = None) -> ExecResult:
        box = self._running("exec", id, argv)
        return self._on_exec(box.container.name, argv)

    def pipe(
        self,
        id: str,
        argv: list[str],
        *,
        feed: Iterable[bytes] = (),
        take: Callable[[bytes], None] | None = None,
        user: str = "",
    ) -> ExecResult:
        box = self._running("pipe", id, argv)
        code, said, out = self._on_pipe(box.container.name, argv, b"".join(feed))
        if take is not None and out:
            take(out)
        return ExecResult(code, said if take is not None else out.decode() + said)

    @contextmanager
    def session(
        self,
        id: str,
        argv: Sequence[str],
        *,
        tty: Size | None = None,
        cwd: str = "",
        env: Mapping[str, str] | None = None,
        user: str = "",
    ) -> Iterator[Session]:
        """The command runs on this host."""
        self._running("session", id, argv)
        with local_session(argv, tty, cwd, env or {}, user, self._awake) as session:
            yield session

    def run_once(
        self, image: str, argv: Sequence[str], *, cap_add: Sequence[str] = (), label: str, timeout: float
    ) -> ExecResult:
        self._act("run once", image)
        if self._shelf.id_of(image) is None:
            raise NotFound(f"running {argv[0]} in a container of {image}: No such image: {image}")
        return self._on_once(image, list(argv))

    def logs(self, id: str, *, follow: bool = False, since: float = 0.0, tail: int | None = None) -> Iterator[LogLine]:
        box = self._box(id)
        lines = self._log.get(box.service, ())
        chosen = lines if tail is None else lines[max(0, len(lines) - tail) :]
        for number, text in enumerate(chosen):
            yield LogLine(f"2026-01-01T00:00:00.{number:09d}Z", text)

    def build(
        self, context: Path, ref: str, *, args: Mapping[str, str], labels: Mapping[str, str], on_line: OnLine
    ) -> str:
        self._act("build", ref)
        on_line(f"Step 1/1 of {ref}")
        return self._shelf.build(context, ref, labels)

    def import_image(self, tar: Path, ref: str) -> str:
        self._act("import", ref)
        return self._shelf.make(ref, {})

    def tag(self, source: str, ref: str) -> None:
        self._act("tag", source)
        self._shelf.tag(source, ref)

    def commit(
        self,
        container: str,
        ref: str,
        *,
        labels: Mapping[str, str],
        config: ImageConfig = AS_IS,
        pause: bool = False,
        comment: str = "",
    ) -> str:
        with self._lock:
            box = self._box(container)
            self._act("commit", box.service)
            return self._shelf.make(ref, {**box.container.claims, **labels}, comment=comment)

    def remove_image(self, ref: str) -> None:
        with self._lock:
            self._act("remove image", ref)
            used = any(b.container.image_id == self._shelf.ids.get(ref) for b in self._boxes.values())
            if used and self._shelf.is_last(ref):
                raise Conflict(f"removing image {ref}: conflict: container is using its referenced image")
            self._shelf.dropped(ref)

    # -- what a test does to it

    def revive(self, dies_after: int | None = None) -> None:
        """The engine is there again, with all that it had."""
        self._woes.lives = dies_after

    def label_image(self, ref: str, labels: Mapping[str, str]) -> None:
        """As if it had been made with these."""
        with self._lock:
            self._shelf.put(ref, self._shelf.image(ref).id, labels)

    def end_as(self, id: str, state: State) -> None:
        """Its process is gone, and the container is in this state."""
        with self._lock:
            self._box(id).end(137)
            self._box(id).change(state=state)

    def fail(self, call: str, error: Exception, times: int = 0) -> None:
        """From now on, or only so many times: "start www" raises it."""
        self._woes.fail(call, error, times)

    def heal(self) -> None:
        """Nothing fails any more."""
        self._woes.heal()

    # -- inside

    def _awake(self) -> None:
        self._woes.must_be_alive()

    def _act(self, verb: str, subject: str) -> None:
        with self._lock:
            self._awake()
            self.calls.append(f"{verb} {subject}")
            self._woes.act(f"{verb} {subject}")

    def _running(self, verb: str, id: str, argv: Sequence[str]) -> Box:
        """For a command in it. Conflict."""
        box = self._box(id)
        self._act(verb, box.service)
        if box.container.state != "running":
            raise Conflict(f"running {argv[0]} in container {id[:12]}: container is not running")
        return box

    def _box(self, id: str) -> Box:
        with self._lock:
            found = self._boxes.get(id) or next((b for b in self._boxes.values() if b.container.name == id), None)
        if found is None:
            raise NotFound(f"looking at container {id}: No such container: {id}")
        return found

    def _check_create(self, spec: ContainerSpec) -> None:
        if any(b.container.name == spec.name for b in self._boxes.values()):
            raise Conflict(f"creating {spec.name}: the container name is already in use")
        for mount in spec.service.mounts:
            if mount.role != "data" and not Path(mount.source).exists():
                raise EngineError(f"creating {spec.name}: bind source path does not exist: {mount.source}")
