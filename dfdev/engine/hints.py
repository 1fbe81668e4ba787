"""What to type when the engine does not answer: told from its address, since nothing else can be asked."""

from __future__ import annotations

import re
import sys

from dfdev.engine.endpoint import Endpoint

_PRODUCTS = (
    (r"/\.colima/(?:(?P<name>[^/]+)/)?docker\.sock", "colima start {name}", "colima restart {name}"),
    (r"/\.lima/(?P<name>[^/]+)/", "limactl start {name}", "limactl stop -f {name} && limactl start {name}"),
    (r"/\.orbstack/", "orb start", "orb stop && orb start"),
    (r"/\.rd/", "rdctl start", "rdctl shutdown && rdctl start"),
    (r"podman", "podman machine start", "podman machine stop && podman machine start"),
    (r"/\.docker/(run|desktop)/", "docker desktop start", "docker desktop restart"),
)
"""Socket path of the product -> its own commands to start and to restart."""


def start(endpoint: Endpoint, platform: str = sys.platform) -> str:
    product = _product(endpoint, 1)
    if product:
        return f"start it: `{product}`"
    if endpoint.scheme != "unix":
        return f"is that machine up? Its address comes from {endpoint.source}"
    if platform == "darwin":
        return "start your Docker VM, e.g. `colima start`"
    return "`sudo systemctl start docker`, or `sh shell/quickstart.sh`, which installs an engine where there is none"


def restart(endpoint: Endpoint, platform: str = sys.platform) -> str:
    product = _product(endpoint, 2)
    if product:
        return f"restart it: `{product}`"
    if endpoint.scheme != "unix":
        return f"restart the engine on that machine; its address comes from {endpoint.source}"
    if platform == "darwin":
        return "restart your Docker VM, e.g. `colima restart`"
    return "restart it: `sudo systemctl restart docker`"


def again(endpoint: Endpoint) -> str:
    """For an engine that closed the connection."""
    if endpoint.scheme == "ssh":
        return f"`ssh {endpoint.path.partition('/')[0]} docker version` shows why"
    return "it may be restarting: try again in a moment"


def permission(endpoint: Endpoint) -> str:
    if endpoint.scheme == "unix":
        return "`sudo usermod -aG docker $USER`, then log out and in again"
    return f"its address comes from {endpoint.source}"


def _product(endpoint: Endpoint, column: int) -> str:
    for row in _PRODUCTS:
        found = re.search(row[0], endpoint.host)
        if found:
            return row[column].format(name=found.groupdict().get("name") or "").strip()
    return ""
