"""A bridge of the engine's own, so that several of ours run in one network.

Two daemons with `iptables` on would flush each other's chains, so every one but the first leaves the firewall alone
and three rules for its addresses do the same job; published ports then go through docker-proxy.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from tests.machine import root
from tests.machine.layout import Layout, MachineError

_DEFAULT_BRIDGE = Path("/sys/class/net/docker0")


def spare_others() -> None:
    """A daemon with a bridge of its own takes `docker0` away from the one that has it. MachineError: there is one."""
    if _DEFAULT_BRIDGE.exists():
        raise MachineError(
            "an engine of this machine has the interface docker0, and one of ours beside it would take it away. Apart "
            "from it: sh shell/test.sh PATH, or python -m tests.apart COMMAND"
        )


def choose_subnet(layout: Layout) -> None:
    """A /16 that no interface of this machine is in: the bridge takes its last /24, workspaces' networks the others."""
    shown = subprocess.run(["ip", "-4", "-oneline", "address"], capture_output=True, text=True, check=True).stdout
    taken = set(re.findall(r"inet (10\.\d+)\.", shown))
    candidates = (f"10.{200 + (layout.number + step) % 50}" for step in range(50))
    free = next((candidate for candidate in candidates if candidate not in taken), None)
    if free is None:
        raise MachineError("no free subnet from 10.200.0.0/16 to 10.249.0.0/16")
    (layout.run / "subnet").write_text(free)
    _forget_others(layout, free)


def _forget_others(layout: Layout, chosen: str) -> None:
    """dockerd gives the bridge the address back that it had before, which another engine may have by now."""
    known = layout.data.with_name(f"{layout.data.name}.subnet")
    if not known.exists() or known.read_text() != chosen:
        root.run(["rm", "-f", str(layout.data / "network" / "files" / "local-kv.db")])
        known.write_text(chosen)


def subnet(layout: Layout) -> str:
    """The first two numbers of the subnet that was chosen, "" before."""
    chosen = layout.run / "subnet"
    return chosen.read_text() if chosen.exists() else ""


def up(layout: Layout, *, rules: bool) -> None:
    bridge = layout.bridge
    root.script(
        f"""set -e
        [ -d /sys/class/net/{bridge} ] || ip link add {bridge} type bridge
        ip address replace {subnet(layout)}.255.1/24 dev {bridge}
        ip link set {bridge} up"""
    )
    if rules:
        root.script("set -e\n" + "\n".join(f"{_line('-C', r)} 2>/dev/null || {_line('-I', r)}" for r in _rules(layout)))


def down(layout: Layout) -> None:
    """Remove the bridge and the rules; already gone is success."""
    rules = _rules(layout) if subnet(layout) else []
    removals = [f"{_line('-C', rule)} 2>/dev/null && {_line('-D', rule)}" for rule in rules]
    bridge = layout.bridge
    root.script("\n".join([*removals, f"[ ! -d /sys/class/net/{bridge} ] || ip link delete {bridge}"]))


def _rules(layout: Layout) -> list[str]:
    """Table, chain, match."""
    ours = f"{subnet(layout)}.0.0/16"
    return [
        f"filter FORWARD -s {ours} -j ACCEPT",
        f"filter FORWARD -d {ours} -j ACCEPT",
        f"nat POSTROUTING -s {ours} ! -d {ours} -j MASQUERADE",
    ]


def _line(operation: str, rule: str) -> str:
    table, chain, match = rule.split(" ", 2)
    return f"iptables -w -t {table} {operation} {chain} {match}"
