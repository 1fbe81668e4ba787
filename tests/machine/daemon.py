"""dockerd and its containerd: configured by files in the run folder, started, asked, stopped, swept up."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Mapping
from pathlib import Path

from tests.machine import network, processes, root
from tests.machine.layout import Layout, MachineError
from tests.machine.packages import locked

_START_SECONDS = 30.0
_STOP_SECONDS = 20.0


def launch(layout: Layout, settings: Mapping[str, object]) -> None:
    """Start both and wait until the engine answers. MachineError with the log's end when it does not.

    One at a time, of all that use this cache: two that begin at once would both be alone, and in one subnet.
    """
    with locked(layout.cache / "launch.lock"):
        network.spare_others()
        alone = not processes.running("dockerd")
        network.choose_subnet(layout)
        network.up(layout, rules=not alone)
        _write_config(layout, {**_dockerd_config(layout, alone), **settings})
        if not processes.find("containerd", _containerd_config(layout)):
            _spawn(layout, "containerd", _containerd_config(layout))
            processes.wait_until(layout.containerd_socket.exists, _START_SECONDS, "containerd's socket")
        start_dockerd(layout)


def start_dockerd(layout: Layout) -> None:
    (layout.run / "docker.pid").unlink(missing_ok=True)
    _spawn(layout, "dockerd", _dockerd_file(layout))
    # its name shows in /proc only once the shell that starts it has become it
    pid = int((layout.run / "dockerd.started").read_text())
    try:
        processes.wait_until(lambda: answers(layout) or not processes.alive(pid), _START_SECONDS, "the engine")
    except MachineError as late:
        raise MachineError(f"{late}\n{_log_end(layout)}") from late
    if not pid_of(layout):
        raise MachineError(f"dockerd {layout.version} did not start:\n{_log_end(layout)}")


def pid_of(layout: Layout) -> int:
    """dockerd's pid, 0 when it is not running."""
    return next(iter(processes.find("dockerd", _dockerd_file(layout))), 0)


def answers(layout: Layout, seconds: float = 1.0) -> bool:
    """Whether `GET /_ping` on the socket says 200 in time."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(seconds)
        try:
            connection.connect(str(layout.socket))
            connection.sendall(b"GET /_ping HTTP/1.0\r\nHost: engine\r\n\r\n")
            return b" 200 " in connection.recv(64)
        except OSError:
            return False


def stop_dockerd(layout: Layout) -> None:
    """Ask it to stop its containers and leave; kill it when it does not. Not running is success."""
    pid = pid_of(layout)
    if pid:
        root.signal(pid, "CONT")
        _end(pid)


def sweep(layout: Layout) -> None:
    """Stop whatever of this engine is still there: daemons, containers left by a killed dockerd, mounts, the bridge."""
    stop_dockerd(layout)
    for shim in processes.find("containerd-shim-runc-v2", str(layout.containerd_socket)):
        for process in (*processes.children(shim), shim):
            root.signal(process, "KILL")
    for pid in processes.find("containerd", _containerd_config(layout)):
        _end(pid)
    mounts = _mounts_below(layout.data, layout.run)
    if mounts:
        root.run(["umount", "--lazy", *mounts], check=False)
    if layout.socket.exists() or layout.containerd_socket.exists():
        root.run(["rm", "-f", str(layout.socket), str(layout.containerd_socket)])
    network.down(layout)


def _end(pid: int) -> None:
    root.signal(pid, "TERM")
    try:
        processes.wait_until(lambda: not processes.alive(pid), _STOP_SECONDS, f"process {pid} to end")
    except MachineError:
        root.signal(pid, "KILL")
        processes.wait_until(lambda: not processes.alive(pid), _STOP_SECONDS, f"process {pid} to die")


def _spawn(layout: Layout, program: str, config: str) -> None:
    flag = {"dockerd": "--config-file", "containerd": "--config"}[program]
    binaries = [layout.packages / "usr" / folder for folder in ("sbin", "bin")]
    root.spawn(
        [program, flag, config],
        path=":".join(map(str, binaries)),
        log=layout.log,
        pidfile=layout.run / f"{program}.started",
    )


def _dockerd_file(layout: Layout) -> str:
    return str(layout.run / "daemon.json")


def _containerd_config(layout: Layout) -> str:
    return str(layout.run / "containerd.toml")


def _dockerd_config(layout: Layout, firewall: bool) -> dict[str, object]:
    """What `/etc/docker/daemon.json` would say; the machine's own file is not read."""
    config: dict[str, object] = {
        "hosts": [f"unix://{layout.socket}"],
        "group": os.environ.get("SUDO_GID") or str(os.getgid()),
        "data-root": str(layout.data),
        "exec-root": str(layout.run / "exec"),
        "pidfile": str(layout.run / "docker.pid"),
        "containerd": str(layout.containerd_socket),
        "init-path": str(layout.packages / "usr/bin/tini-static"),
        "bridge": layout.bridge,
        "default-address-pools": [{"base": f"{network.subnet(layout)}.0.0/16", "size": 24}],
        "iptables": firewall,
    }
    return config if layout.version == "20.10" else config | {"ip6tables": firewall}


def _write_config(layout: Layout, dockerd: Mapping[str, object]) -> None:
    Path(_dockerd_file(layout)).write_text(json.dumps(dockerd, indent=1))
    Path(_containerd_config(layout)).write_text(
        f"""version = 2
root = "{layout.data}/containerd"
state = "{layout.run}/containerd"
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
address = "{layout.containerd_socket}"
[plugins."io.containerd.internal.v1.opt"]
path = "{layout.data}/containerd-opt"
"""
    )


def _mounts_below(*folders: Path) -> list[str]:
    """Mount points below the folders, deepest first."""
    lines = Path("/proc/self/mountinfo").read_text().splitlines()
    points = [line.split()[4] for line in lines]
    return sorted((p for p in points if any(f"{p}/".startswith(f"{f}/") for f in folders)), reverse=True)


def _log_end(layout: Layout) -> str:
    return "\n".join(layout.log.read_text(errors="replace").splitlines()[-8:])
