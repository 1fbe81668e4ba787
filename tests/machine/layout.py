"""Where one engine keeps what: packages and data in the cache, sockets and pid files in a run folder.

Everything is derived from (cache, version, name), so that another process finds a running engine without a registry
of engines.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path


class MachineError(Exception):
    """An engine could not be fetched, started or stopped; the text says what to do about it."""


def default_cache() -> Path:
    """`$DFDEV_TEST_CACHE`, else `dfdev-test` in the user's cache folder."""
    named = os.environ.get("DFDEV_TEST_CACHE")
    if named:
        return Path(named).resolve()
    given = os.environ.get("XDG_CACHE_HOME", "")
    return Path(given if given.startswith("/") else Path.home() / ".cache").resolve() / "dfdev-test"


@dataclass(frozen=True)
class Layout:
    """The paths and the network of one engine. `name` tells several engines of one version apart."""

    cache: Path
    version: str
    name: str

    @property
    def packages(self) -> Path:
        return self.cache / "packages" / self.version

    @property
    def data(self) -> Path:
        """Images and containers: they survive `stop`, so that the next run builds nothing."""
        return self.cache / "data" / self.version / f"{self.name}{_run()}"

    @property
    def run(self) -> Path:
        """Short, because the path of a Unix socket has at most 107 bytes; a folder for each user, root's unmarked."""
        return Path(f"/tmp/dfdev-test-{os.getuid() or ''}{self._digest[:10]}")

    @property
    def socket(self) -> Path:
        return self.run / "docker.sock"

    @property
    def containerd_socket(self) -> Path:
        return self.run / "containerd.sock"

    @property
    def log(self) -> Path:
        return self.run / "dockerd.log"

    @property
    def bridge(self) -> str:
        """At most 15 bytes, the kernel's limit."""
        return f"dfdev-{self._digest[:8]}"

    @property
    def number(self) -> int:
        """Any number, the same every time: where to look for a free subnet first."""
        return int(self._digest[:4], 16)

    @property
    def _digest(self) -> str:
        return hashlib.sha256(f"{self.cache}\0{self.version}\0{self.name}{_run()}".encode()).hexdigest()


def _run() -> str:
    """Which place apart we are in (see tests.apart): engines in two of them cannot share anything."""
    number = os.environ.get("DFDEV_TEST_RUN", "")
    return f".{number}" if number else ""
