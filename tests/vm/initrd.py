"""The first file system of the VM: a busybox and the modules for its disks and network, as a cpio archive."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from tests.vm.layout import GUEST

MODULES = ("virtio_pci", "virtio_blk", "crc32c_generic", "ext4", "virtio_net", "virtio-rng", "9pnet_virtio", "9p")
_DIRECTORY, _FILE, _DEVICE = 0o40755, 0o100755, 0o20600


def order(dependencies: str, wanted: Iterable[str]) -> list[str]:
    """The files of the wanted modules and of what they need, in the order to load them. `dependencies`: modules.dep."""
    needs: dict[str, list[str]] = {}
    for line in dependencies.splitlines():
        path, _, others = line.partition(":")
        needs[PurePosixPath(path).stem] = [*reversed(others.split()), path]
    return list(dict.fromkeys(path for name in wanted for path in needs[name]))


def archive(entries: Mapping[str, tuple[int, bytes]]) -> bytes:
    """Name -> (mode, content), in the kernel's `newc` format. A device is the console (5, 1).

    Source: Documentation/driver-api/early-userspace/buffer-format.rst
    """
    out = bytearray()
    for number, (name, (mode, content)) in enumerate({**entries, "TRAILER!!!": (0, b"")}.items(), 1):
        major, minor = (5, 1) if mode == _DEVICE else (0, 0)
        fields = (number, mode, 0, 0, 1, 0, len(content), 0, 0, major, minor, len(name) + 1, 0)
        out += b"070701" + "".join(f"{field:08x}" for field in fields).encode() + name.encode() + b"\0"
        out += bytes(-len(out) % 4) + content
        out += bytes(-len(out) % 4)
    return bytes(out)


def make(modules: Path, busybox: Path) -> bytes:
    """`modules`: the folder with the kernel's modules.dep."""
    files = order((modules / "modules.dep").read_text(), MODULES)
    entries = dict.fromkeys(("dev", "bin", "root"), (_DIRECTORY, b""))
    entries |= {"dev/console": (_DEVICE, b""), "bin/busybox": (_FILE, busybox.read_bytes())}
    entries |= {PurePosixPath(path).name: (_FILE, (modules / path).read_bytes()) for path in files}
    entries["order"] = (_FILE, "\n".join(PurePosixPath(path).name for path in files).encode())
    return archive({**entries, "init": (_FILE, (GUEST / "initrd-init").read_bytes())})
