"""Snapshots: the database as it is, kept as an image that is complete or absent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import PurePosixPath

from dfdev.core import labels
from dfdev.core.events import Emit, Progress
from dfdev.core.frozen import dataclass
from dfdev.core.ours import mark_of
from dfdev.core.snapshots import is_snapshot_name, repository, snapshot_ref
from dfdev.core.typed import typed
from dfdev.engine.protocol import Engine, Image
from dfdev.errors import Conflict, DfdevError, NotFound, UsageError
from dfdev.mysql.database import Database
from dfdev.mysql.orphans import COMMENT, remove_orphans
from dfdev.mysql.server import Version
from dfdev.mysql.stillness import stillness
from dfdev.stack.mysql import OPTIONS, OWNER
from dfdev.system.step import step

_NAME = "dev.dfdev.snapshot"
_OF = "dev.dfdev.snapshot.workspace"
_VERSION = "dev.dfdev.snapshot.version"
_BRANCH = "dev.dfdev.snapshot.branch"
_SIZE = "dev.dfdev.snapshot.size"
_BASE_SIZE = "dev.dfdev.snapshot.base-size"
"""Of snapshots that an older dfdev made, whose size is a difference: where images are in containerd's store, the list
and the image itself count differently.
"""
_MOST_LAYERS = 120
"""The engine's own limit is 125 and a few. Source: moby layer/layer_store.go, maxLayerDepth."""


@dataclass(frozen=True)
class Snapshot:
    """`size`: bytes that the database had written beyond its image; `created`: Unix time; `version`: "MySQL 9.7"."""

    name: str
    ref: str
    image: Image

    @property
    def created(self) -> float:
        return self.image.created

    @property
    def size(self) -> int:
        found = self.image.labels
        return int(found.get(_SIZE) or max(0, self.image.size - int(found.get(_BASE_SIZE) or 0)))

    @property
    def version(self) -> str:
        return self.image.labels.get(_VERSION, "")

    @property
    def branch(self) -> str:
        return self.image.labels.get(_BRANCH, "")


def snapshots(engine: Engine, workspace: str) -> list[Snapshot]:
    """The newest first."""
    found: list[Snapshot] = []
    for image in engine.labelled_images(f"{_OF}={workspace}"):
        for ref in image.refs:
            head, _, name = ref.rpartition(":")
            if head == repository(workspace):
                found.append(Snapshot(name, ref, image))
    return found


def find(engine: Engine, workspace: str, name: str) -> Snapshot:
    """DfdevError names those that there are."""
    there = snapshots(engine, workspace)
    found = next((s for s in there if s.name == name), None)
    if found is None:
        names = ", ".join(s.name for s in there) or "none"
        raise DfdevError(
            f"there is no snapshot {name}", f"there are: {names}; `{typed('dfdev mysql snapshot', name)}` makes it"
        )
    return found


def take(
    engine: Engine, workspace: str, database: Database, name: str, branch: str, emit: Emit, *, force: bool = False
) -> Snapshot:
    """The server stands still while it is copied, and goes on: no connection is lost. DfdevError, UsageError."""
    must_be_a_name(name)
    ref = snapshot_ref(workspace, name)
    if not force and engine.image_id(ref) is not None:
        raise DfdevError(
            f"there is a snapshot {name} already",
            f"another name, `--force`, or `{typed('dfdev mysql snapshot rm', name)}`",
        )
    if len(engine.image(database.container.image_id).layers) >= _MOST_LAYERS:
        raise DfdevError(
            "this database was restored and kept as a snapshot too often: the engine takes no more layers",
            "`dfdev mysql export FILE`, `dfdev mysql reset`, `dfdev mysql import FILE`, then take it again",
        )
    _must_lie_in_its_layer(database)
    size = engine.written(database.container.id)
    added = _labels(database, workspace, name, branch, size)
    try:
        _committed(engine, database, ref, added, emit)
    except DfdevError:
        with suppress(DfdevError):
            remove_orphans(engine, f"{_OF}={workspace}")
        raise
    remove_orphans(engine, f"{_OF}={workspace}")
    return find(engine, workspace, name)


def _must_lie_in_its_layer(database: Database) -> None:
    """DfdevError: its data lie in a volume, of which an image of its container would have nothing. (Those that were
    baked never do.)
    """
    volumes = [mount.target for mount in database.container.mounts if mount.type == "volume"]
    if not volumes or database.baked is not None:
        return
    if database.container.state != "running":
        raise DfdevError("a database that stands still does not tell where its data lie", "`dfdev up mysql` first")
    folder = database.server.value("SELECT @@global.datadir")
    if any(PurePosixPath(folder).is_relative_to(volume) for volume in volumes):
        raise DfdevError(
            f"this database keeps its data in a volume ({folder}), which a snapshot would not hold",
            "`dfdev mysql export FILE` keeps them; with `dfdev mysql build` they lie where a snapshot holds them",
        )


def remove(engine: Engine, snapshot: Snapshot) -> None:
    """DfdevError: the database runs on it."""
    try:
        engine.remove_image(snapshot.ref)
    except Conflict as conflict:
        raise DfdevError(
            f"the database runs on snapshot {snapshot.name}", "`dfdev mysql reset` first, or restore another one"
        ) from conflict
    # Where images are in containerd's store, one that another snapshot stands on stays without a name.
    remove_orphans(engine, f"{_OF}={snapshot.image.labels.get(_OF, '')}")


def must_fit(snapshot: Snapshot, version: str) -> None:
    """`version`: of the workspace's own image, "" where that is not known. DfdevError: another one made it."""
    if version and snapshot.version and snapshot.version != version:
        raise DfdevError(
            f"snapshot {snapshot.name} was made by {snapshot.version}, and this workspace's database is {version}",
            "restore it where that version runs, `dfdev mysql export` there, and `dfdev mysql import` here",
        )


def must_be_a_name(name: str) -> None:
    if not is_snapshot_name(name):
        raise UsageError(
            f"{name!r} cannot be the name of a snapshot", "letters, digits, `_`, `.` and `-`: before-migration"
        )


def _labels(database: Database, workspace: str, name: str, branch: str, size: int) -> Mapping[str, str]:
    """Those of the container are inherited: what is ours in them is emptied, what the image says of fixtures stays."""
    return {
        **labels.emptied(mark_of(database.container).labels),
        _NAME: name,
        _OF: workspace,
        _VERSION: version_of(database),
        _BRANCH: branch,
        _SIZE: str(size),
    }


def version_of(database: Database) -> str:
    """ "MySQL 9.7": asked where it runs, else what its image says."""
    if database.container.state == "running":
        return database.server.version().series
    return series_of(database.baked.version if database.baked else "")


def series_of(text: str) -> str:
    flavour, _, number = text.partition(" ")
    return Version(flavour, number).series if number else ""


def _committed(engine: Engine, database: Database, ref: str, added: Mapping[str, str], emit: Emit) -> None:
    key = f"keep {ref.rpartition(':')[2]}"
    with step(key, emit):
        emit(Progress(key, "the server stands still while it is copied"))
        made = _copied(engine, database, added)
        engine.tag(made, ref)


def _copied(engine: Engine, database: Database, added: Mapping[str, str]) -> str:
    """The id of an image that has no name yet: whether it is of use is known at the end."""
    container = database.container
    if container.state != "running":
        with _emptied(engine, container.id):
            return engine.commit(container.id, "", labels=added, comment=COMMENT)
    with stillness(engine, container.id, OPTIONS) as pause:
        return engine.commit(container.id, "", labels=added, comment=COMMENT, pause=pause)


@contextmanager
def _emptied(engine: Engine, container: str) -> Iterator[None]:
    """The password is in no image. Who is killed meanwhile leaves the file empty; the next start writes it again."""
    try:
        own = engine.read_file(container, OPTIONS)
    except NotFound:
        own = b""
    if own:
        engine.write_file(container, OPTIONS, b"", mode=0o600, uid=OWNER, gid=OWNER)
    try:
        yield
    finally:
        if own:
            engine.write_file(container, OPTIONS, own, mode=0o600, uid=OWNER, gid=OWNER)
