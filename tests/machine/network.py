"""A bridge of the engine's own, so that Docker may already be in use on the machine.

Two daemons with `iptables` on would flush each other's chains, so beside another one ours leaves the firewall alone
and three rules for its addresses do the same job; published ports then go through docker-proxy.
"""

from __future__ import annotations

from pathlib import Path

from tests.machine import root
from tests.machine.layout import Layout


def up(layout: Layout, *, rules: bool) -> None:
    if not _exists(layout):
        root.run(["ip", "link", "add", layout.bridge, "type", "bridge"])
    root.run(["ip", "address", "replace", f"{layout.subnet}.255.1/24", "dev", layout.bridge])
    root.run(["ip", "link", "set", layout.bridge, "up"])
    if rules:
        for rule in _rules(layout):
            if root.run(_iptables("-C", rule), check=False):
                root.run(_iptables("-I", rule))


def down(layout: Layout) -> None:
    """Remove the bridge and the rules; already gone is success."""
    for rule in _rules(layout):
        if not root.run(_iptables("-C", rule), check=False):
            root.run(_iptables("-D", rule))
    if _exists(layout):
        root.run(["ip", "link", "delete", layout.bridge])


def _exists(layout: Layout) -> bool:
    return Path("/sys/class/net", layout.bridge).exists()


def _rules(layout: Layout) -> list[list[str]]:
    ours = f"{layout.subnet}.0.0/16"
    return [
        ["filter", "FORWARD", "-s", ours, "-j", "ACCEPT"],
        ["filter", "FORWARD", "-d", ours, "-j", "ACCEPT"],
        ["nat", "POSTROUTING", "-s", ours, "!", "-d", ours, "-j", "MASQUERADE"],
    ]


def _iptables(operation: str, rule: list[str]) -> list[str]:
    table, chain, *match = rule
    return ["iptables", "-w", "-t", table, operation, chain, *match]
