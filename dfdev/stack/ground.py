"""What must be there before a container is made: DFHOME inside the machine, and room on the engine's disk.

Both are told by the machine's settings and by its own kernel; whether a mount works is proven afterwards (`proof`).
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from dfdev.core.desired import Desired
from dfdev.core.events import Emit, Notice
from dfdev.core.observed import EngineInfo
from dfdev.core.plan import Plan
from dfdev.engine.errors import ROOM
from dfdev.engine.protocol import Engine
from dfdev.errors import EngineError, MachineError, NotFound
from dfdev.machines.disk import DF, Disk, parse_df
from dfdev.machines.shares import unshared
from dfdev.stack.site import Site

if TYPE_CHECKING:
    from dfdev.machines.place import Place

_SECONDS = 20.0
_MAKES = ("create", "pull image")


def must_be_fit(desired: Desired, plan: Plan, info: EngineInfo, site: Site, emit: Emit) -> None:
    """MachineError when a folder is not in the machine, EngineError when its disk is full. Only for a plan that makes
    something: what runs already has been proven.
    """
    if not any(action.verb in _MAKES for action in plan.actions):
        return
    if not site.located.whose(info).here:
        _must_have_room("the engine's disk", _local(info.root) if info.native else None, emit)
        return
    place = site.located.place(info, site.commands)
    made = {action.subject for action in plan.actions if action.verb == "create"}
    _must_be_shared(place, _folders(desired, made))
    _must_have_room(f"the disk of {place.label}", disk_of(place, info, site.engine), emit)


def disk_of(place: Place, info: EngineInfo, engine: Engine) -> Disk | None:
    """On this host by the file system itself, in a machine by its `df`: through its root shell, else in a container
    (whose own root lies on that disk). None: nobody tells.
    """
    if info.native:
        return _local(info.root)
    if not place.here:
        return None
    with suppress(MachineError, EngineError):
        if place.has_root:
            with place.open_root() as shell:
                return parse_df(shell.ask(f"{DF} {shlex.quote(info.root or '/')}", timeout=_SECONDS).out)
        return _by_container(engine)
    return None


def _local(root: str) -> Disk | None:
    with suppress(OSError):
        found = os.statvfs(root)
        return Disk(found.f_blocks * found.f_frsize, found.f_bavail * found.f_frsize)
    return None


def _by_container(engine: Engine) -> Disk | None:
    for image in engine.images()[:4]:
        with suppress(NotFound):
            return parse_df(engine.run_once(image, ["sh", "-c", f"{DF} /"], label="disk", timeout=_SECONDS).output)
    return None


def _folders(desired: Desired, made: set[str]) -> Sequence[tuple[str, bool]]:
    """Every folder that these services mount, and whether it is written to."""
    mounts = [m for s in desired.services if s.name in made for m in s.mounts if m.of_host]
    return sorted({(os.path.realpath(m.source), not m.read_only) for m in mounts})


def _must_be_shared(place: Place, folders: Sequence[tuple[str, bool]]) -> None:
    told = place.machine.shares
    wrong = [(f, unshared(f, told, sys.platform, write=w)) for f, w in folders]
    if any(missing for _, missing in wrong):
        shares = place.shares()
        wrong = [(f, unshared(f, shares, sys.platform, write=w)) for f, w in folders]
    missing = [(folder, what) for folder, what in wrong if what]
    if not missing:
        return
    folder, what = missing[0]
    says, harm = ("not shared", "see it") if what == "absent" else ("shared read-only", "write to it")
    names = list(dict.fromkeys(f for f, _ in missing))
    raise MachineError(
        f"{folder} is {says} with {place.label}, so that containers would not {harm}",
        place.provider.share_hint(place.machine, _outermost(names)),
        details=tuple(f"and {name}" for name in names[1:]),
    )


def _outermost(folders: Sequence[str]) -> str:
    """The one folder to share for all of them."""
    return os.path.commonpath(folders) if len(folders) > 1 and os.path.commonpath(folders) != "/" else folders[0]


def _must_have_room(where: str, disk: Disk | None, emit: Emit) -> None:
    """Where nobody tells how much there is, the engine will."""
    if disk is None:
        return
    if disk.state == "full":
        raise EngineError(f"{where} is full ({disk}): nothing was created", ROOM)
    if disk.state == "low":
        emit(Notice(f"{where} is nearly full ({disk}): {ROOM}", warning=True))
