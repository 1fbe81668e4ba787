"""Where the test VM keeps what: disks in the cache, everything of one run in a folder of its own under /tmp."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.machine import default_cache

GUEST = Path(__file__).parent / "guest"
"""Files that go into the VM's disk."""
SHARED = Path("/Users")
"""The host folder that the VM has too, at the same path."""


def cache() -> Path:
    return default_cache() / "vm"


def digest(*parts: str | bytes) -> str:
    total = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        total.update(b"%d " % len(data) + data)
    return total.hexdigest()[:12]


def contents(files: Iterable[Path]) -> list[str | bytes]:
    """Names and contents in turn, in the order of the names, for `digest`."""
    return [part for path in sorted(files) for part in (path.name, path.read_bytes())]


@dataclass(frozen=True)
class Base:
    """What a VM boots from; shared by all runs and never written to. `data` is the disk of /var/lib/docker."""

    folder: Path
    data: Path

    @property
    def disk(self) -> Path:
        return self.folder / "disk.raw"

    @property
    def kernel(self) -> Path:
        return self.folder / "kernel"

    @property
    def initrd(self) -> Path:
        return self.folder / "initrd"

    @property
    def key(self) -> Path:
        """The private key of root and of the user `docker`."""
        return self.folder / "key"

    @property
    def host_key(self) -> Path:
        return self.folder / "ssh_host_ed25519_key.pub"


@dataclass(frozen=True)
class Run:
    """One VM's own files. Short, because the path of a Unix socket has at most 107 bytes."""

    folder: Path

    @property
    def settings(self) -> Path:
        return self.folder / "vm.json"

    @property
    def disk(self) -> Path:
        return self.folder / "disk.qcow2"

    @property
    def data(self) -> Path:
        return self.folder / "data.qcow2"

    @property
    def pid(self) -> Path:
        return self.folder / "pid"

    @property
    def qmp(self) -> Path:
        return self.folder / "qmp"

    @property
    def serial(self) -> Path:
        return self.folder / "serial.log"

    @property
    def known_hosts(self) -> Path:
        return self.folder / "known_hosts"

    @property
    def ssh_master(self) -> Path:
        return self.folder / "ssh"

    @property
    def certificates(self) -> Path:
        return self.folder / "certificates"

    @property
    def mode(self) -> Path:
        """JSON: the engine's mode and the client's certificates, when it is not as after booting."""
        return self.folder / "mode"

    @property
    def saved(self) -> Path:
        """There while a machine is `save`d; the product's word for a VM that sleeps on disk."""
        return self.folder / "saved"

    @property
    def hung(self) -> Path:
        """There while a machine hangs: it runs for its hypervisor."""
        return self.folder / "hung"

    @property
    def kept(self) -> Path:
        """There when the machine is to go on without the process that made it."""
        return self.folder / "keep"

    @property
    def users(self) -> Path:
        """Locked by the process that the machine belongs to."""
        return self.folder / "users"


RUNS = f"dfdev-vm-{os.getuid()}-"
"""How the folders of a user's runs are called."""
