"""The providers by name, each imported when it is asked for."""

from __future__ import annotations

import importlib
from typing import cast

from dfdev.errors import MachineError
from dfdev.machines.protocol import Provider

_MODULES = {
    "orbstack": "dfdev.machines.orbstack",
    "docker-desktop": "dfdev.machines.docker_desktop",
    "colima": "dfdev.machines.colima",
    "rancher-desktop": "dfdev.machines.rancher_desktop",
    "podman": "dfdev.machines.podman",
    "lima": "dfdev.machines.lima",
    "arcbox": "dfdev.machines.arcbox",
    "socktainer": "dfdev.machines.socktainer",
    "docker-machine": "dfdev.machines.docker_machine",
    "boot2docker": "dfdev.machines.boot2docker",
    "native": "dfdev.machines.native",
    "remote": "dfdev.machines.remote",
}
"""Name -> module that is a `Provider`."""

NAMES = tuple(_MODULES)
"""In the order of preference where several would do and nobody can be asked."""


def provider(name: str) -> Provider:
    """`ssh` of dfdev.toml is `remote` here. MachineError: there is no such provider."""
    module = _MODULES.get("remote" if name == "ssh" else name)
    if module is None:
        raise MachineError(f"no provider is called {name}", f"it is one of: {', '.join(NAMES)}")
    return cast(Provider, importlib.import_module(module))
