"""The container that the tools run in: found as it is, or made; nothing is asked of the engine twice."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping

from dfdev.core import labels
from dfdev.core.declared import declared_volumes
from dfdev.core.desired import Desired, Service
from dfdev.core.events import Emit
from dfdev.core.frozen import dataclass
from dfdev.core.observed import Container, EngineInfo
from dfdev.core.ours import mark_of, our_network
from dfdev.core.typed import typed
from dfdev.engine.protocol import ContainerSpec, Engine
from dfdev.errors import Conflict, DfdevError, NotFound
from dfdev.frontend.platform import must_run
from dfdev.frontend.spec import DIGEST, MODULES, SCRIPT, USER, Front, tools_service
from dfdev.stack.act import image_volumes
from dfdev.stack.outside import must_lead_inside
from dfdev.stack.stale import folders_label
from dfdev.system.folders import make_folder
from dfdev.system.step import step
from dfdev.workspace.project import read_json

_SECONDS = 30.0
_BUSY = ("sh", "-c", "grep -lzs ^DFDEV_RUN= /proc/[0-9]*/environ | head -n 1")


@dataclass(frozen=True)
class Tools:
    """A running container for commands. `user`: whom they run as, "uid:gid" or "node"; `fresh`: it was just made."""

    id: str
    user: str
    fresh: bool = False


@dataclass(frozen=True)
class Maker:
    """What making the container takes besides the engine. `image`: builds or finds it; `uid`, `gid`: the developer."""

    engine: Engine
    uid: int
    gid: int
    image: Callable[[], str]
    locked: Callable[[], contextlib.AbstractContextManager[None]]
    emit: Emit


def existing(engine: Engine, front: Front) -> Container | None:
    """Ours by that name. Conflict: somebody else's has it."""
    try:
        found = engine.container(front.name)
    except NotFound:
        return None
    if mark_of(found).workspace != front.workspace or mark_of(found).home != front.home:
        raise Conflict(
            f"a container {front.name} is there that belongs to another workspace",
            f"give this workspace another name in dfdev.toml, or `{typed('docker rm -f', front.name)}`",
        )
    return found


def ready_tools(maker: Maker, front: Front) -> Tools:
    """The one that is there where it fits (one question), else a new one."""
    found = existing(maker.engine, front)
    if found is not None and _serves(maker.engine, front, found):
        return Tools(found.id, mark_of(found).labels[USER])
    with maker.locked():
        found = existing(maker.engine, front)
        if found is not None and _serves(maker.engine, front, found):
            return Tools(found.id, mark_of(found).labels[USER])
        return _made(maker, front, found)


def _serves(engine: Engine, front: Front, found: Container) -> bool:
    if not found.running or mark_of(found).labels.get(DIGEST) != front.digest:
        return False
    if mark_of(found).labels.get(MODULES) == front.modules:
        return True
    # Another branch, or `npm install` wrote the lockfile; what runs there is not thrown out for either.
    fits = engine.exec(found.id, ["sh", SCRIPT, "fits"], timeout=_SECONDS).exit_code == 0
    return fits or bool(engine.pipe(found.id, list(_BUSY), user=mark_of(found).labels[USER]).output.strip())


def _made(maker: Maker, front: Front, old: Container | None) -> Tools:
    engine, info = maker.engine, maker.engine.info()
    must_run_on(info, front)
    user = user_of(info, maker.uid, maker.gid)
    maker.image()
    with step("make the front-end container", maker.emit, "it is new" if old is None else "what it is made of changed"):
        if old is not None:
            engine.remove(old.id)
        make_mount_points(front, maker.uid, maker.gid)
        _network(engine, front)
        service = tools_service(front, user)
        must_lead_inside(front.gate, service.name, service.mounts)
        marks = front.labels(user) | {labels.FOLDERS: folders_label(service)}
        id = engine.create(_spec(engine, front, service, marks))
        try:
            engine.start(id)
        except BaseException:
            engine.remove(id)
            raise
    return Tools(id, user, fresh=True)


def _spec(engine: Engine, front: Front, service: Service, marks: Mapping[str, str]) -> ContainerSpec:
    volumes = declared_volumes(front.workspace, service, image_volumes(engine, service))
    return ContainerSpec(front.name, service, f"{front.workspace}_default", marks, volumes)


def must_run_on(info: EngineInfo, front: Front) -> None:
    """Before anything is pulled. DfdevError: something of the project has no binary for this processor."""
    package = read_json(front.gate, front.project.folder / "package.json")
    must_run(package, front.dockerfile, info.architecture, front.config.platform)


def user_of(info: EngineInfo, uid: int, gid: int) -> str:
    """On native Linux the developer; in a machine the image's own user, whose files its shares make the developer's."""
    return f"{uid}:{gid}" if info.native and not info.rootless else "0:0" if info.rootless else "node"


def make_mount_points(front: Front, uid: int, gid: int) -> None:
    """The engine would make them as root's."""
    folder = front.project.folder
    for name in ("node_modules", front.project.components_folder):
        try:
            make_folder(front.gate.inside("frontend.dir", folder / name), uid, gid)
        except OSError as error:
            raise DfdevError(
                f"cannot make {folder / name}, which the modules are mounted on: {error.strerror}",
                f"{typed('mkdir', folder / name)}, where you may",
            ) from error


def _network(engine: Engine, front: Front) -> None:
    desired = Desired(front.workspace, front.home, ())
    if our_network(desired, engine.networks(desired.network)) is None:
        engine.create_network(desired.network, labels.for_network(desired))
