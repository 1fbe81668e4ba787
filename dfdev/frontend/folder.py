"""Where the caller stands, and where that is in the container."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dfdev.core.typed import typed
from dfdev.errors import UsageError
from dfdev.stack.proof import PREFIX
from dfdev.workspace.project import INSIDE


def inside(home: Path, folder: Path) -> str:
    """The same folder in the container. UsageError: it is not in DFHOME (`home`, a real path)."""
    real = Path(os.path.realpath(folder))
    if not real.is_relative_to(home):
        raise UsageError(
            f"{real} is outside DFHOME ({home}): the container does not see it",
            f"{typed('cd', home)}, or a folder in it",
        )
    return f"{INSIDE}/{real.relative_to(home).as_posix()}".removesuffix("/.")


@contextmanager
def probe(folder: Path) -> Iterator[str]:
    """The name of a file that was just made in a folder: a container that has it sees this very one. "" where nobody
    may write there.
    """
    path = folder / f"{PREFIX}{os.urandom(6).hex()}"
    try:
        path.touch(exist_ok=False)
    except OSError:
        yield ""
        return
    try:
        yield path.name
    finally:
        with contextlib.suppress(OSError):
            path.unlink()


@contextmanager
def file_in(folder: Path) -> Iterator[str]:
    """A probe; where nobody may write, the name of some file that is there, "" without one."""
    with probe(folder) as made:
        yield made or next((path.name for path in sorted(folder.iterdir()) if path.is_file()), "")
