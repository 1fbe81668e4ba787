"""The first process of a place apart: it furnishes the place, runs the command, and buries who dies meanwhile.
python -m tests.apart.inside READY-FD GO-FD UID GID NUMBER COMMAND…
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from tests.machine import default_cache

_UPSTREAM = Path("/run/systemd/resolve/resolv.conf")
"""Where a machine whose resolver listens on its own 127.0.0.53 names the ones behind it."""
_FURNISH = """set -e
mount -t tmpfs -o mode=755,size=256m tmpfs /run
mkdir -m 1777 /run/lock
mkdir /run/cgroup /run/etc
mount --rbind /sys/fs/cgroup /run/cgroup
mount -t sysfs sysfs /sys
mount --rbind /run/cgroup /sys/fs/cgroup
umount -l /run/cgroup
cp -a /etc/. /run/etc/
mount --bind /run/etc /etc
"""
_PROGRAMS = ("dockerd", "podman", "colima", "limactl", "orb", "rdctl", "docker-machine", "boot2docker")
"""By these dfdev would know that this machine has an engine or a VM."""
_LEAKY = ("DOCKER_", "DFHOME", "XDG_", "SUDO_")
"""Variables that speak of the machine outside."""


def main(arguments: list[str]) -> int:
    ready, go, user, group, number = map(int, arguments[:5])
    for name in (signal.SIGINT, signal.SIGQUIT):
        signal.signal(name, lambda *_: None)
    os.write(ready, b"1")
    if not os.read(go, 1):
        return 1
    _furnish()
    home = _empty(default_cache() / "apart" / f"home-{number}", user, group)
    environ = {name: value for name, value in os.environ.items() if not name.startswith(_LEAKY)}
    environ |= {"HOME": str(home), "DFDEV_TEST_CACHE": str(default_cache()), "DFDEV_TEST_RUN": str(number)}
    environ |= dict.fromkeys(("USER", "LOGNAME"), pwd.getpwuid(user).pw_name)
    who = {} if user == os.getuid() else {"user": user, "group": group, "extra_groups": _groups(user, group)}
    return _wait_for(subprocess.Popen(arguments[5:], env=environ, **who))  # type: ignore[call-overload]


def _furnish() -> None:
    """/run is empty, /sys tells of our own network, /etc is a copy that the tests may change, engines are nowhere."""
    resolvers = "\n".join(_resolvers())
    subprocess.run(["sh", "-c", _FURNISH], check=True)
    Path("/etc/resolv.conf").unlink(missing_ok=True)
    Path("/etc/resolv.conf").write_text(f"{resolvers}\n")
    folders = os.environ.get("PATH", "").split(os.pathsep)
    for program in (Path(folder, name) for folder in folders for name in _PROGRAMS):
        if program.is_file():
            subprocess.run(["mount", "--bind", "/dev/null", str(program)], check=True)


def _resolvers() -> list[str]:
    """The lines of resolv.conf, which may be a link into /run; never a resolver on a loopback that is not ours."""
    lines = Path("/etc/resolv.conf").read_text().splitlines()
    if any(line.startswith("nameserver 127.") for line in lines) and _UPSTREAM.is_file():
        lines = _UPSTREAM.read_text().splitlines()
    others = [line for line in lines if not line.startswith("nameserver 127.")]
    # slirp4netns answers there for whatever resolver this machine has
    return others if any(line.startswith("nameserver") for line in others) else [*others, "nameserver 10.0.2.3"]


def _empty(folder: Path, user: int, group: int) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    os.chown(folder, user, group)
    return folder


def _groups(user: int, group: int) -> list[int]:
    return os.getgrouplist(pwd.getpwuid(user).pw_name, group)


def _wait_for(command: subprocess.Popen[bytes]) -> int:
    """The kernel ends everybody else who is in here when we end."""
    while True:
        pid, status = os.wait()
        if pid == command.pid:
            code = os.waitstatus_to_exitcode(status)
            return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
