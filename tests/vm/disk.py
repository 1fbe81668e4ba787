"""The disks that VMs boot from, made once into the cache: Debian 12 with its own kernel, sshd and Docker."""

from __future__ import annotations

import fcntl
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.machine import MachineError, root
from tests.machine.packages import KEYRING, locked, mirror
from tests.vm import initrd
from tests.vm.layout import GUEST, Base, cache, contents, digest

PACKAGES = (
    "linux-image-amd64", "openssh-server", "docker.io", "iptables", "iproute2", "sudo", "busybox-static", "procps",
    "kmod", "ca-certificates",
)  # fmt: skip
_NO_DOCUMENTS = [f"--dpkgopt=path-exclude=/usr/share/{folder}/*" for folder in ("doc", "man", "locale")]


def base() -> Base:
    """The disk without images, made on first use (about a minute). Raises MachineError."""
    sources = [*GUEST.iterdir(), Path(__file__), Path(initrd.__file__)]
    folder = once("base", digest(*contents(sources)), _make)
    return Base(folder, folder / "data.raw")


def once(kind: str, key: str, make: Callable[[Path], None]) -> Path:
    """The cache's folder of that kind and key. When it is not there, `make` fills an empty one that then becomes it.

    Folders of the same kind with another key go, unless a VM uses them.
    """
    cache().mkdir(parents=True, exist_ok=True)
    wanted = cache() / f"{kind}-{key}"
    with locked(cache() / f"{kind}.lock"):
        if not wanted.is_dir():
            unfinished = Path(tempfile.mkdtemp(prefix=f"new-{kind}-", dir=cache()))
            try:
                make(unfinished)
                unfinished.chmod(0o755)
                unfinished.rename(wanted)
            finally:
                shutil.rmtree(unfinished, ignore_errors=True)
            _prune(kind, wanted)
    return wanted


def _prune(kind: str, wanted: Path) -> None:
    for folder in [*cache().glob(f"{kind}-*"), *cache().glob(f"new-{kind}-*")]:
        if folder != wanted and not in_use(folder):
            shutil.rmtree(folder, ignore_errors=True)


def in_use(folder: Path) -> bool:
    """Whether a living process holds the lock of its users."""
    with (folder / "users").open("a") as probe:
        try:
            fcntl.flock(probe, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def _make(stage: Path) -> None:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(stage / "key")], check=True)
    customize = f'sh "{GUEST}/customize" "$1" "{stage}" "{GUEST}"'
    source = f"deb [signed-by={KEYRING}] {mirror()} bookworm main"
    options = ["--mode=root", "--variant=minbase", "--format=null", "--quiet", *_NO_DOCUMENTS]
    options += ['--aptopt=Acquire::Check-Valid-Until "false"', f"--include={','.join(PACKAGES)}"]
    options.append(f"--customize-hook={customize}")
    root.run(["env", "INITRD=No", "mmdebstrap", *options, "bookworm", "/dev/null", source])
    if not (stage / "data.raw").is_file():
        raise MachineError(f"mmdebstrap made no disk in {stage}")
    (stage / "initrd").write_bytes(initrd.make(stage / "modules", stage / "busybox"))
    shutil.rmtree(stage / "modules")
