"""What to type when the engine does not answer: told from its address, since nothing else can be asked."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from dfdev.core.providers import by_endpoint
from dfdev.core.typed import typed
from dfdev.engine.endpoint import Endpoint
from dfdev.engine.ssh import words

_START: Mapping[str, str] = {
    "colima": "colima start {name}",
    "lima": "limactl start {name}",
    "orbstack": "orb start",
    "rancher-desktop": "rdctl start",
    "podman": "podman machine start {name}",
    "docker-desktop": "docker desktop start",
    "arcbox": "abctl daemon start",
    "socktainer": "brew services start container && brew services start socktainer",
    "docker-machine": "docker-machine start {name}",
    "boot2docker": "boot2docker up",
}
_RESTART: Mapping[str, str] = {
    "colima": "colima restart {name}",
    "lima": "limactl stop -f {name} && limactl start {name}",
    "orbstack": "orb stop && orb start",
    "rancher-desktop": "rdctl shutdown && rdctl start",
    "podman": "podman machine stop {name} && podman machine start {name}",
    "docker-desktop": "docker desktop restart",
    "arcbox": "abctl daemon stop && abctl daemon start",
    "socktainer": "brew services restart socktainer",
    "docker-machine": "docker-machine restart {name}",
    "boot2docker": "boot2docker restart",
}
"""Provider -> its own command, as people type it."""


def start(endpoint: Endpoint, platform: str = sys.platform, environ: Mapping[str, str] = os.environ) -> str:
    product = _product(endpoint, _START, environ)
    if product:
        return f"start it: `{product}`"
    if endpoint.scheme != "unix":
        return f"is that machine up? Its address comes from {endpoint.source}"
    if platform == "darwin":
        return "start your Docker VM, e.g. `colima start`"
    return "`sudo systemctl start docker`, or `sh shell/quickstart.sh`, which installs an engine where there is none"


def restart(endpoint: Endpoint, platform: str = sys.platform, environ: Mapping[str, str] = os.environ) -> str:
    product = _product(endpoint, _RESTART, environ)
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
        return f"`{typed(*words(endpoint))} docker version` shows why"
    return "it may be restarting: try again in a moment"


def permission(endpoint: Endpoint) -> str:
    if endpoint.scheme == "unix":
        return "`sudo usermod -aG docker $USER`, then log out and in again"
    return f"its address comes from {endpoint.source}"


def _product(endpoint: Endpoint, lines: Mapping[str, str], environ: Mapping[str, str]) -> str:
    """Its owner's command, "" for an engine that nobody's command starts."""
    real = os.path.realpath(endpoint.path) if endpoint.scheme == "unix" else ""
    word, _, rest = endpoint.source.partition(" ")
    context = rest.rpartition(" (")[0] if word == "context" else ""
    owner = by_endpoint(endpoint.host, real_path=real, context=context, environ=environ, home=environ.get("HOME", ""))
    if owner is None:
        return ""
    name = typed("", owner.name) if owner.name else ""
    return " ".join(lines.get(owner.provider, "").format(name=name).split())
