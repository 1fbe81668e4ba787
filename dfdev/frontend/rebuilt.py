"""How long the last save took to be built: read from the times of the files, so that nothing has to run for it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from dfdev.core.frozen import dataclass


@dataclass(frozen=True)
class Rebuilt:
    """`source`: what was saved last, relative to the folder. `seconds`: until the newest output was written, negative
    where that is older than the save. `outputs`: there are some.
    """

    source: str
    seconds: float
    outputs: bool

    def __str__(self) -> str:
        if not self.outputs:
            return "nothing was built yet"
        if self.seconds < 0:
            return f"not since {self.source} was saved"
        return f"{self.seconds:.1f} s after {self.source} was saved"


def last_rebuilt(folder: Path, output: str, skipped: frozenset[str]) -> Rebuilt | None:
    """None without a source. `skipped`: folders that hold no sources, relative to `folder`; hidden ones neither."""
    saved = max(_times(folder, folder, skipped | {output}), default=None)
    if saved is None:
        return None
    made = max(_times(folder / output, folder, frozenset()), default=None)
    when, source = saved
    return Rebuilt(source, made[0] - when if made else 0.0, made is not None)


def _times(top: Path, base: Path, skipped: frozenset[str]) -> Iterator[tuple[float, str]]:
    """(time of the last change, name) of every file."""
    for root, folders, files in os.walk(top):
        here = os.path.relpath(root, base)
        prefix = "" if here == "." else f"{here}/"
        folders[:] = [name for name in folders if not name.startswith(".") and f"{prefix}{name}" not in skipped]
        for name in files:
            if not name.startswith("."):
                try:
                    yield (Path(root) / name).stat().st_mtime, f"{prefix}{name}"
                except OSError:
                    continue
