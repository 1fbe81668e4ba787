"""Who holds a port of this host."""

from __future__ import annotations

import errno
import socket
import subprocess
from pathlib import Path


def is_free(address: str, port: int) -> bool:
    """Whether a server could listen there now. Ports below 1024 that we may not try count as free."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            return error.errno != errno.EADDRINUSE
    return True


_FORWARDERS = (
    "qemu-system-", "VBoxHeadless", "VirtualBoxVM", "limactl", "lima-guestagent", "gvproxy", "vfkit", "vpnkit",
    "com.docker", "OrbStack", "host-switch", "vmware-vmx", "prl_",
)  # fmt: skip
"""Of qemu, VirtualBox, Lima (Colima, Rancher Desktop), Podman, Docker Desktop, OrbStack, VMware and Parallels, and ssh
itself, which Lima and tunnels forward with.
"""
_CUT = 9
"""lsof cuts a name after so many bytes, the kernel after 15."""


def forwards(holder: str) -> bool:
    """Whether a `holder` is a machine, or what leads its ports to this host: ending it ends the machine."""
    name = holder.rpartition(" (pid ")[0].replace("\\x20", " ")
    return name == "ssh" or any(name.startswith(known[:_CUT] if len(name) <= _CUT else known) for known in _FORWARDERS)


def holder(port: int) -> str:
    """The process that listens on the port, as `name (pid N)`, "" when it cannot be told (another user's, say)."""
    return _by_proc(port) if Path("/proc/net/tcp").exists() else _by_lsof(port)


def _by_proc(port: int) -> str:
    inodes = {row[9] for row in _listening() if int(row[1].rsplit(":", 1)[1], 16) == port}
    sockets = {f"socket:[{inode}]" for inode in inodes}
    for process in Path("/proc").iterdir():
        if process.name.isdigit() and sockets & _links(process / "fd"):
            return f"{_name(process)} (pid {process.name})"
    return ""


def _listening() -> list[list[str]]:
    """Rows of the kernel's TCP tables in state LISTEN (0A). Source: proc(5)."""
    rows: list[list[str]] = []
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        path = Path(table)
        if path.exists():
            rows += [line.split() for line in path.read_text().splitlines()[1:]]
    return [row for row in rows if row[3] == "0A"]


def _links(folder: Path) -> set[str]:
    found = set()
    try:
        for link in folder.iterdir():
            try:
                found.add(str(link.readlink()))
            except OSError:
                continue
    except OSError:
        return set()
    return found


def _name(process: Path) -> str:
    try:
        return (process / "comm").read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return "a process"


def _by_lsof(port: int) -> str:
    """macOS: `lsof -F pc` prints one field a line, `p` the pid, `c` the command. Source: lsof(8)."""
    command = ["lsof", "-nP", f"-iTCP:{port}", "-sTCP:LISTEN", "-Fpc"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=5, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    fields = {line[:1]: line[1:] for line in done.stdout.splitlines() if line}
    return f"{fields['c']} (pid {fields['p']})" if {"p", "c"} <= fields.keys() else ""
