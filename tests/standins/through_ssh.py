"""The `ssh` of a product's command: the system's ssh, with what the product gives it, led into the tests' VM."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, NoReturn

from tests.vm.layout import Base

Way = Literal["normal", "busybox", "password", "hang", "unprotected"]
"""normal: by key. busybox: to where only busybox is, as in boot2docker's own system. password: without the key and
with an unknown host, so that ssh asks for both. hang: it never answers. unprotected: by a key that everybody may read.
"""
_BUSYBOX = "sudo chroot /opt/busybox-root /bin/sh"


def command(base: Base, port: int, way: str, home: str, words: Sequence[str]) -> list[str]:
    """The argv. `home`: where the password way remembers hosts. No words: a shell for a person."""
    if way == "hang":
        return ["sleep", "3600"]
    options = ["ssh", "-F", "none", "-o", "IdentitiesOnly=yes", "-p", str(port)]
    if way == "password":
        known = str(Path(home, "known_hosts"))
        options += ["-o", "PubkeyAuthentication=no", "-o", f"UserKnownHostsFile={known}"]
        options += ["-o", "StrictHostKeyChecking=ask"]
    else:
        options += [
            "-i",
            str(key_of(base, way, home)),
            "-o",
            "StrictHostKeyChecking=no",
            "-o",
            "UserKnownHostsFile=/dev/null",
        ]
        options += ["-o", "LogLevel=quiet"]
    if way == "busybox":
        terminal = [] if words else ["-t"]
        inside = f"{_BUSYBOX} -c {shlex.quote(' '.join(words))}" if words else _BUSYBOX
        return [*options, *terminal, "docker@localhost", inside]
    return [*options, "docker@localhost", *words]


def key_of(base: Base, way: str, home: str) -> Path:
    if way != "unprotected":
        return base.key
    key = Path(home, "id_boot2docker")
    key.write_bytes(base.key.read_bytes())
    key.chmod(0o644)
    return key


def logged_in(base: Base, port: int, way: str, home: str, seconds: float | None = None) -> bool:
    """Whether ssh gets in, for the products that ask the machine itself for its address. subprocess.TimeoutExpired."""
    way = "unprotected" if way == "unprotected" else "normal"
    argv = command(base, port, way, home, ["true"])
    return subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds).returncode == 0


def become(argv: list[str]) -> NoReturn:
    """Stdin, stdout, the terminal and the exit code are ssh's."""
    os.execvp(argv[0], argv)
