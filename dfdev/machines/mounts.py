"""The host's folders that are mounted in a machine, as its own kernel lists them."""

from __future__ import annotations

from dfdev.core.machine import Share

MOUNTS = "cat /proc/mounts"
_SHARED = (
    "vboxsf",
    "9p",
    "virtiofs",
    "fuse.sshfs",
    "fuse.grpcfuse",
    "fakeowner",
    "prl_fs",
    "vmhgfs",
    "fuse.vmhgfs-fuse",
)
"""Lead to the host: of VirtualBox, QEMU, Apple's framework, sshfs, Docker Desktop, Parallels, VMware."""


def parse_mounts(text: str) -> tuple[Share, ...]:
    """proc(5): device, mount point with `\\040` for a blank, type, options. Anything else is passed over."""
    rows = [line.split() for line in text.splitlines()]
    return tuple(
        Share(_plain(row[1]), "ro" not in row[3].split(","))
        for row in rows
        if len(row) >= 4 and row[2] in _SHARED and row[1].startswith("/")
    )


def _plain(path: str) -> str:
    for code, char in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        path = path.replace(code, char)
    return path
