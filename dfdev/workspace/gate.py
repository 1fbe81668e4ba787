"""The one gate for every path that a workspace names: inside DFHOME by its real path, or allowed by the user.

Whoever uses such a path asks here, when it is used: a folder may have become a link since the file was checked.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from dfdev.workspace.locate import expand_user
from dfdev.workspace.problem import Problem, WorkspaceError, quoted
from dfdev.workspace.regular import LIMIT, open_below, read_below

FOLDER, FILE = "a folder inside DFHOME", "a file inside DFHOME"


class Gate(NamedTuple):
    """`home`: DFHOME's real path; `allowed`: the real paths that the user allows besides; `user_home`: $HOME."""

    home: Path
    allowed: tuple[Path, ...] = ()
    user_home: str = ""

    @classmethod
    def of(cls, home: Path, allow: Iterable[str], environ: Mapping[str, str]) -> Gate:
        allowed = (expand_user(text, environ) for text in allow)
        return cls(home, tuple(_real(p) for p in allowed if p.is_absolute()), environ.get("HOME", ""))

    def real(self, path: str | Path, base: Path | None = None) -> Path:
        """Where a path leads, symbolic links resolved; it need not exist. `base`: what it is relative to, by default
        DFHOME; a leading `~/` is $HOME.
        """
        return _real((base or self.home) / expand_user(str(path), {"HOME": self.user_home}))

    def permits(self, path: str | Path) -> bool:
        """Whether the path leads to where the workspace may go."""
        return self._root(self.real(path)) is not None

    def problem(self, key: str, path: str | Path, expected: str = FOLDER, base: Path | None = None) -> Problem | None:
        """What is wrong with a path of the key: None, or where it leads to and what would allow that."""
        real = self.real(path, base)
        if self._root(real) is not None:
            return None
        line = f"allow = [{quoted(str(real))}] under [mounts] in ~/.config/dfdev/config.toml"
        hint = f"to allow it: `dfdev allow`, or {line}"
        found = quoted(str(path)) if str(path) == str(real) else f"{quoted(str(path))}, which is {real}"
        return Problem(key, expected, found, hint, allow=str(real))

    def inside(self, key: str, path: str | Path, expected: str = FOLDER, base: Path | None = None) -> Path:
        """The real path. WorkspaceError: it leads outside."""
        problem = self.problem(key, path, expected, base)
        if problem is not None:
            raise WorkspaceError((problem,))
        return self.real(path, base)

    def read(self, key: str, path: str | Path, limit: int = LIMIT) -> bytes:
        """Contents of a file. WorkspaceError: it leads outside. OSError: larger than `limit` bytes, no regular file, or
        it cannot be read.
        """
        real = self.inside(key, path, FILE)
        return read_below(self._root(real) or real.parent, real, limit)

    def open(self, key: str, path: str | Path) -> int:
        """A descriptor to read a regular file of any size from; errors as of `read`."""
        real = self.inside(key, path, FILE)
        return open_below(self._root(real) or real.parent, real)

    def _root(self, real: Path) -> Path | None:
        """The folder whose being ours makes the path ours. A file may be allowed by itself."""
        root = next((root for root in (self.home, *self.allowed) if real.is_relative_to(root)), None)
        return root.parent if root is not None and root == real and root != self.home else root


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))
