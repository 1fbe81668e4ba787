"""A bridge of the engine's own, so that Docker may already be in use on the machine.

Two daemons with `iptables` on would flush each other's chains, so beside another one ours leaves the firewall alone
and three rules for its addresses do the same job; published ports then go through docker-proxy.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from tests.machine import root
from tests.machine.layout import Layout, MachineError


def choose_subnet(layout: Layout) -> None:
    """A /16 that no interface of this machine is in: the bridge takes its last /24, workspaces' networks the others."""
    shown = subprocess.run(["ip", "-4", "-oneline", "address"], capture_output=True, text=True, check=True).stdout
    taken = set(re.findall(r"inet (10\.\d+)\.", shown))
    candidates = (f"10.{200 + (layout.number + step) % 50}" for step in range(50))
    free = next((candidate for candidate in candidates if candidate not in taken), None)
    if free is None:
        raise MachineError("no free subnet from 10.200.0.0/16 to 10.249.0.0/16")
    (layout.run / "subnet").write_text(free)


def subnet(layout: Layout) -> str:
    """The first two numbers of the subnet that was chosen, "" before."""
    chosen = layout.run / "subnet"
    return chosen.read_text() if chosen.exists() else ""


def up(layout: Layout, *, rules: bool) -> None:
    if not _exists(layout):
        root.run(["ip", "link", "add", layout.bridge, "type", "bridge"])
    root.run(["ip", "address", "replace", f"{subnet(layout)}.255.1/24", "dev", layout.bridge])
    root.run(["ip", "link", "set", layout.bridge, "up"])
    if rules:
        for rule in _rules(layout):
            if root.run(_iptables("-C", rule), check=False):
                root.run(_iptables("-I", rule))


def down(layout: Layout) -> None:
    """Remove the bridge and the rules; already gone is success."""
    for rule in _rules(layout) if subnet(layout) else ():
        if not root.run(_iptables("-C", rule), check=False):
            root.run(_iptables("-D", rule))
    if _exists(layout):
        root.run(["ip", "link", "delete", layout.bridge])


def _exists(layout: Layout) -> bool:
    return Path("/sys/class/net", layout.bridge).exists()


def _rules(layout: Layout) -> list[list[str]]:
    ours = f"{subnet(layout)}.0.0/16"
    return [
        ["filter", "FORWARD", "-s", ours, "-j", "ACCEPT"],
        ["filter", "FORWARD", "-d", ours, "-j", "ACCEPT"],
        ["nat", "POSTROUTING", "-s", ours, "!", "-d", ours, "-j", "MASQUERADE"],
    ]


def _iptables(operation: str, rule: list[str]) -> list[str]:
    table, chain, *match = rule
    return ["iptables", "-w", "-t", table, operation, chain, *match]
