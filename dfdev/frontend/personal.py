"""What of DFHOME the front end's containers get, and what they are not to see of it.

A mask over a file goes with the file: an editor that saves by a rename takes it off, and a file that is made later has
none. So they get the folders of DFHOME, each by itself, and never the files beside dfdev.toml. Only where DFHOME itself
is a node project they get all of it, masks included: each command looks whether those hold, and what was saved since
makes the container anew.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from dfdev.core.desired import Mount
from dfdev.core.frozen import dataclass
from dfdev.system.folders import identity
from dfdev.workspace.load import LOCAL
from dfdev.workspace.masking import LOCAL_ENV
from dfdev.workspace.project import INSIDE

_OWN = (LOCAL_ENV, LOCAL)
FILES = (*_OWN, *(f"{name}~" for name in _OWN))
"""What of DFHOME is one's own, with what editors keep of it; no package's script is to read it."""
_MASK = "/dev/null"
_SPECIAL, _ESCAPED = re.compile(r"[*?\[\\]"), r"\\\g<0>"


@dataclass(frozen=True)
class Folder:
    """A folder of DFHOME. `real`: its path; `made`: which one it is, another one of that name having another."""

    name: str
    real: str
    made: str


@dataclass(frozen=True)
class Personal:
    """A file of one's own that is there. `path`: its real one in DFHOME; `saved`: another one after each change."""

    path: str
    saved: str


@dataclass(frozen=True)
class Share:
    """What the containers get. `folders`: those of DFHOME, () for all of it. `personal`: wherever they are."""

    folders: tuple[Folder, ...] = ()
    personal: tuple[Personal, ...] = ()

    @property
    def masked(self) -> tuple[Personal, ...]:
        """Those that would be seen."""
        return tuple(own for own in self.personal if not self.folders or "/" in own.path)

    @property
    def hidden(self) -> tuple[str, ...]:
        """Where nothing is to be read, relative to DFHOME, now or later."""
        return tuple(dict.fromkeys((*(() if self.folders else FILES), *(own.path for own in self.masked))))


def share_of(home: Path, project: Path) -> Share:
    """`project`: the front-end folder, its real path."""
    folders = () if project == home or (home / "package.json").is_file() else tuple(_folders(home))
    reached = any(folder.name == project.relative_to(home).parts[0] for folder in folders)
    return Share(folders if reached else (), tuple(_personal(home)))


def home_mounts(home: str, project: Path, share: Share) -> tuple[Mount, ...]:
    """DFHOME at its place, or its folders in an empty one where nothing can be written."""
    masks = tuple(_mask(f"{INSIDE}/{own.path}") for own in share.masked)
    if not share.folders:
        return (Mount(home, INSIDE, "code"), *masks)
    top = project.relative_to(home).parts[0]
    folders = (
        Mount(folder.real, f"{INSIDE}/{folder.name}", "code" if folder.name == top else "beside")
        for folder in share.folders
    )
    return (Mount("", INSIDE, "empty", read_only=True), *folders, *masks)


def once_more(home: str, project: Path, share: Share, target: str) -> tuple[Mount, ...]:
    """The front-end folder at `target` too, with the masks that it needs there."""
    there = _below(home, project, (own.path for own in share.masked))
    return (Mount(str(project), target, "code"), *(_mask(f"{target}/{name}") for name in there))


def hidden_paths(home: str, project: Path, share: Share, target: str = "") -> tuple[str, ...]:
    """Where nothing is to be read, in the container. `target`: where the front-end folder is once more."""
    more = _below(home, project, share.hidden) if target else ()
    return (*(f"{INSIDE}/{name}" for name in share.hidden), *(f"{target}/{name}" for name in more))


def left_out(home: str, project: Path, share: Share) -> bytes:
    """Last lines of the front-end folder's .dockerignore: no image has what is one's own, and no `!` gets it back."""
    names = _below(home, project, dict.fromkeys((*FILES, *(own.path for own in share.personal))))
    return "".join(f"/{_SPECIAL.sub(_ESCAPED, name)}\n" for name in names).encode()


def _mask(target: str) -> Mount:
    return Mount(_MASK, target, "mask", read_only=True)


def _below(home: str, project: Path, names: Iterable[str]) -> Iterator[str]:
    """Those of the names in DFHOME that lie in the front-end folder, relative to that."""
    for path in (Path(home, name) for name in names):
        if path.is_relative_to(project):
            yield path.relative_to(project).as_posix()


def _folders(home: Path) -> Iterator[Folder]:
    """By name. A link counts as the folder of DFHOME that it leads to."""
    for name in sorted(path.name for path in home.iterdir()):
        real = Path(os.path.realpath(home / name))
        if real.is_dir() and real.is_relative_to(home) and real != home and _is_text(name):
            yield Folder(name, str(real), identity(real))


def _is_text(name: str) -> bool:
    """The engine is told of names in UTF-8."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _personal(home: Path) -> Iterator[Personal]:
    """As the container finds them: what is a link to elsewhere leads nowhere in there."""
    found: dict[str, Personal] = {}
    for name in FILES:
        real = Path(os.path.realpath(home / name))
        if real.is_relative_to(home) and real.is_file():
            about = real.stat()
            path = real.relative_to(home).as_posix()
            found[path] = Personal(path, f"{about.st_ino} {about.st_ctime_ns}")
    yield from found.values()
