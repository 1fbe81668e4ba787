"""The engine as dfdev sees it: only the calls that it makes.

`Reader` is what a look takes (`status`, a warm `up`); `Engine` adds what changes something. Every call has a
deadline and raises only `dfdev.errors.EngineError` and its kinds: `EngineAbsent`, `EngineHung`, `EngineDenied`,
`NotFound`, `Conflict`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import field
from pathlib import Path
from typing import Protocol

from dfdev.core.clock import Exchange
from dfdev.core.desired import Service
from dfdev.core.frozen import dataclass
from dfdev.core.observed import Container, EngineInfo, Network, Volume

OnLine = Callable[[str], None]
Size = tuple[int, int]
"""Of a terminal: columns, rows."""
NO_NETWORK = "none"
"""The network of a container that needs none."""


@dataclass(frozen=True)
class ExecResult:
    """What a command in a container left behind; stdout and stderr are one stream of text."""

    exit_code: int
    output: str


@dataclass(frozen=True)
class LogLine:
    """`time` is the engine's RFC 3339 stamp with nanoseconds, as text: it sorts as it is."""

    time: str
    text: str
    stream: str = "stdout"


@dataclass(frozen=True)
class Image:
    """An image of the engine. `refs`: its tags; `size`: bytes, as the engine counts; `created`: Unix time; `layers`:
    ids, the base first.
    """

    id: str
    refs: tuple[str, ...]
    labels: Mapping[str, str]
    size: int
    created: float
    layers: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()
    """Paths that it declares as volumes; only of one that was asked for by its reference."""
    comment: str = ""
    """Of whoever made it; only of one that was asked for by its reference."""


@dataclass(frozen=True)
class ImageConfig:
    """How a container of an image starts and stops, as a Dockerfile's ENTRYPOINT, USER, EXPOSE and STOPSIGNAL say it.

    Empty: as it was in the container that the image is made of. An entrypoint leaves no command of that container.
    """

    entrypoint: tuple[str, ...] = ()
    user: str = ""
    ports: tuple[int, ...] = ()
    stop_signal: str = ""


AS_IS = ImageConfig()


@dataclass(frozen=True)
class ContainerSpec:
    """All that a create call needs: the service, its name, network, labels and volumes."""

    name: str
    service: Service
    network: str
    labels: Mapping[str, str]
    volumes: Mapping[str, str] = field(default_factory=dict)
    """Path -> name of the volume that stands where the image declares one."""


class Reader(Protocol):
    """Looking, without changing the engine's objects. `write_file` puts a probe into a running container's mount."""

    def info(self) -> EngineInfo: ...

    def date(self, seconds: float | None = None) -> Exchange | None:
        """The engine's clock in whole seconds, by the `Date` of its shortest answer; None without one.

        EngineHung unless it answers within `seconds` (by default a query's deadline).
        """

    def containers(self) -> list[Container]:
        """Every container of the engine, running or not (exit code and health log not filled in)."""

    def container(self, id: str) -> Container:
        """One container, exit code, error and health log filled in. NotFound."""

    def networks(self, name: str) -> list[Network]:
        """The networks with exactly this name (the engine allows several)."""

    def image_id(self, ref: str) -> str | None:
        """The id of an image that the engine has, else None. Never pulls."""

    def images(self) -> list[str]:
        """The references of every image that the engine has, the newest first."""

    def image_labels(self, ref: str) -> Mapping[str, str]:
        """NotFound."""

    def image(self, ref: str) -> Image:
        """NotFound."""

    def labelled_images(self, label: str) -> list[Image]:
        """Those that carry this label ("name" or "name=value"), the newest first; their layers are not filled in."""

    def volumes(self, label: str) -> list[Volume]:
        """Those that carry this label ("name" or "name=value")."""

    def written(self, container: str) -> int:
        """Bytes in a container's own layer: what was written since it was made of its image. NotFound."""

    def read_file(self, container: str, path: str) -> bytes:
        """One regular file through the container's own mounts (archive API, no exec). NotFound."""

    def write_file(self, container: str, path: str, data: bytes, *, mode: int, uid: int, gid: int) -> None:
        """The same the other way. The folder must exist: NotFound."""

    def close(self) -> None: ...


class Session(Protocol):
    """A running command's streams, for a loop around `select` on `fileno`. Nothing but `resize`, `check` and
    `exit_code` waits. Every method may raise EngineError. Used by one thread.
    """

    @property
    def ended(self) -> bool:
        """The other side has hung up, and all that it said was received."""

    @property
    def unsent(self) -> int:
        """Bytes that wait for `flush`, to be called when the socket can be written to."""

    def fileno(self) -> int: ...

    def pending(self) -> bool:
        """There is something to receive that `select` does not see: ask before each."""

    def send(self, data: bytes) -> None:
        """Send what fits, keep the rest. To a command that takes no more input it is lost."""

    def flush(self) -> None: ...

    def close_input(self) -> None:
        """After what is unsent, the command sees the end of its input. (A terminal has none: send byte 4.)"""

    def receive(self) -> list[tuple[str, bytes]]:
        """(stdout or stderr, data) that came; [] when nothing did. With a terminal all is stdout."""

    def resize(self, columns: int, rows: int) -> None:
        """Its terminal's size from now on. A command that has ended meanwhile is no error."""

    def quiet_left(self) -> float:
        """Seconds to wait for something before `check` is due."""

    def check(self) -> None:
        """A silence is allowed; after a long one ask the engine whether it is still there. EngineHung, EngineAbsent."""

    def exit_code(self) -> int:
        """After the end. NotFound: the command's program or folder is not in the container."""


class Engine(Reader, Protocol):
    """Acting. Each method is one call of the engine, idempotent where the docstring says so."""

    def pull(self, ref: str, on_line: OnLine) -> None:
        """NotFound when no registry has it or answers for it; says why."""

    def create_network(self, name: str, labels: Mapping[str, str]) -> str:
        """A bridge network; returns its id."""

    def remove_network(self, id: str) -> None:
        """Already gone is success. Conflict while a container is attached."""

    def connect(self, container: str, network: str, alias: str) -> None:
        """Attach to the network by that alias, leaving an older network of the same name first."""

    def create(self, spec: ContainerSpec) -> str:
        """Create without starting, and put `service.files` into it; returns the id.

        NotFound (image), Conflict (name). A container whose files could not be put is removed again.
        """

    def start(self, id: str) -> None:
        """Running already is success. Conflict when a port is taken."""

    def unpause(self, id: str) -> None: ...

    def rename(self, id: str, name: str) -> None:
        """Running or not. Conflict (name)."""

    def stop(self, id: str, seconds: int) -> None:
        """Signal, wait up to `seconds`, kill; with 0 kill at once. Stopped already, or gone, is success."""

    def remove(self, id: str, *, volumes: bool = False) -> None:
        """Remove it, running or not; `volumes`: its anonymous ones too. Already gone is success."""

    def remove_volume(self, name: str) -> None:
        """Already gone is success. Conflict while a container has it."""

    def exec(self, id: str, argv: list[str], *, timeout: float, env: Mapping[str, str] | None = None) -> ExecResult:
        """Run to the end and collect the output. EngineHung after `timeout` seconds. Conflict: not running.

        (The engine has no call that ends a command: one that is late goes on in the container.)
        """

    def pipe(
        self,
        id: str,
        argv: list[str],
        *,
        feed: Iterable[bytes] = (),
        take: Callable[[bytes], None] | None = None,
        user: str = "",
    ) -> ExecResult:
        """Run a command with `feed` as its input; `take` gets its stdout as it comes (None: it is in the result, with
        stderr). No limit but the engine's life. What `feed` and `take` raise ends it. Conflict: not running.
        """

    def session(
        self,
        id: str,
        argv: Sequence[str],
        *,
        tty: Size | None = None,
        cwd: str = "",
        env: Mapping[str, str] | None = None,
        user: str = "",
    ) -> AbstractContextManager[Session]:
        """Run a command and talk with it; `tty`: in a terminal of that size. Leaving hangs up, which ends no command.
        NotFound, Conflict: not running.
        """

    def run_once(
        self, image: str, argv: Sequence[str], *, cap_add: Sequence[str] = (), label: str, timeout: float
    ) -> ExecResult:
        """A container of an image that is there, as root, without network and with no right but `cap_add`: run to
        its end and removed. What another such run with the same `label` left behind, killed, goes too.

        NotFound: no such image (it is never pulled), or no such program in it. EngineHung after `timeout` seconds.
        """

    def logs(self, id: str, *, follow: bool = False, since: float = 0.0, tail: int | None = None) -> Iterator[LogLine]:
        """Lines with their stamps; `since` is a Unix time in seconds. Following ends when the container does."""

    def build(
        self, context: Path, ref: str, *, args: Mapping[str, str], labels: Mapping[str, str], on_line: OnLine
    ) -> str:
        """Build the folder's Dockerfile, tag it `ref`, return its id. EngineError: last lines in details."""

    def import_image(self, tar: Path, ref: str) -> str:
        """A root file system as a one-layer image tagged `ref`; returns its id."""

    def tag(self, source: str, ref: str) -> None: ...

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
        """The container's files as an image tagged `ref`, "" for one without a name; returns its id. `config`: what it
        says otherwise than the container; `pause`: its processes stand still meanwhile; `comment`: unlike a label, no
        other image inherits it. Complete or absent. NotFound.
        """

    def remove_image(self, ref: str) -> None:
        """Its tag, and the image itself with its last tag. Already gone is success. Conflict: a container uses it."""
