"""The smallest image of the tests: a static busybox, made in a second from the packages of Engine 28."""

from __future__ import annotations

import os
import subprocess
import tarfile
from pathlib import Path

from tests.machine.engines import Engine
from tests.machine.layout import MachineError
from tests.machine.packages import fetch

IMAGE = "dfdev-test/busybox:1"
_APPLETS = ("sh", "sleep", "cat", "ls", "stat", "touch", "rm", "mkdir", "env", "id", "nc", "seq", "kill", "dd", "tr")


def tar(cache: Path) -> Path:
    """A root file system with busybox and an empty /var/www, /var/log and /tmp; made once."""
    made = cache / "busybox" / "rootfs.tar"
    if not made.is_file():
        made.parent.mkdir(parents=True, exist_ok=True)
        _pack(fetch("28", cache) / "bin" / "busybox", made)
    return made


def ensure(engine: Engine, cache: Path) -> None:
    """The engine has the image. MachineError: it does not take it."""
    docker = [engine.docker, "-H", engine.host]
    if subprocess.run([*docker, "image", "inspect", IMAGE], capture_output=True).returncode:
        done = subprocess.run([*docker, "import", str(tar(cache)), IMAGE], capture_output=True, text=True)
        if done.returncode:
            raise MachineError(f"docker import {IMAGE}: {done.stderr.strip()}")


def _pack(binary: Path, made: Path) -> None:
    unfinished = made.with_suffix(f".{os.getpid()}")
    with tarfile.open(unfinished, "w") as archive:
        for name in ("bin", "etc", "tmp", "var", "var/www", "var/log"):
            entry = tarfile.TarInfo(name)
            entry.type, entry.mode = tarfile.DIRTYPE, 0o1777 if name == "tmp" else 0o755
            archive.addfile(entry)
        archive.add(binary, "bin/busybox")
        for name in _APPLETS:
            link = tarfile.TarInfo(f"bin/{name}")
            link.type, link.linkname = tarfile.SYMTYPE, "busybox"
            archive.addfile(link)
    unfinished.replace(made)
