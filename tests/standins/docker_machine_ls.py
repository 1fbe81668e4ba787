"""`docker-machine ls`: its table, its formats, its states. Source: docker/machine, commands/ls.go."""

from __future__ import annotations

import argparse
import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass

from tests.machine import MachineError
from tests.standins.through_ssh import logged_in
from tests.vm import api
from tests.vm.machine import Vm

_STATES = {"running": "Running", "paused": "Paused", "saved": "Saved", "poweroff": "Stopped"}
_FIELD = re.compile(r"\{\{\s*\.(\w+)\s*\}\}")


@dataclass(frozen=True)
class Host:
    """The only machine of this store."""

    vm: Vm
    name: str
    driver: str
    ssh: str
    home: str

    @property
    def state(self) -> str:
        return _STATES.get(self.vm.state, "Error")

    def need_running(self) -> None:
        if self.state != "Running":
            raise MachineError("Host is not running")


_TEXTS = ("ActiveHost", "URL", "Swarm", "Error", "ResponseTime", "DockerVersion")


def _asked(host: Host, seconds: int) -> str:
    """The state; an address is asked for by ssh, and who has not answered by then is `Timeout`."""
    if host.state != "Running" or host.ssh == "hang":
        return host.state
    vm = host.vm
    try:
        logged_in(vm.settings.base, vm.ports.ssh, host.ssh, host.home, seconds)
    except subprocess.TimeoutExpired:
        return "Timeout"
    return "Running"


def _row(host: Host, state: str) -> dict[str, str]:
    if state == "Timeout":
        return {
            **dict.fromkeys(_TEXTS, ""),
            "Name": host.name,
            "Active": "-",
            "DriverName": host.driver,
            "State": state,
        }
    running = state == "Running"
    url = host.vm.docker_host if running else ""
    active = "*" if running and os.environ.get("DOCKER_HOST") == url else "-"
    return {
        "Name": host.name,
        "Active": active,
        "ActiveHost": str(active == "*").lower(),
        "DriverName": host.driver,
        "State": state,
        "URL": url,
        "Swarm": "",
        "Error": "",
        "ResponseTime": "212ms",
    }


def show(host: Host, words: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="docker-machine ls", allow_abbrev=False)
    parser.add_argument("-q", "--quiet", action="store_true")
    parser.add_argument("-f", "--format", default="")
    parser.add_argument("-t", "--timeout", type=int, default=10)
    parser.add_argument("--filter", action="append")
    found = parser.parse_args(words)
    if found.quiet:
        print(host.name)
        return
    row = _row(host, _asked(host, found.timeout))
    row.setdefault("DockerVersion", _version(host) if row["URL"] else "")
    if found.format:
        print(filled(found.format, row))
    else:
        print(_table(row))


def filled(template: str, row: Mapping[str, str]) -> str:
    """`{{.Field}}` of a Go template. MachineError: a field that there is not."""

    def value(match: re.Match[str]) -> str:
        if match[1] not in row:
            raise MachineError(f"Template parsing error: can't evaluate field {match[1]}")
        return row[match[1]]

    return _FIELD.sub(value, template.replace(r"\t", "\t").replace(r"\n", "\n"))


def _table(row: Mapping[str, str]) -> str:
    """Columns as wide as their widest cell, three spaces between."""
    titles = ("NAME", "ACTIVE", "DRIVER", "STATE", "URL", "SWARM", "DOCKER", "ERRORS")
    fields = ("Name", "Active", "DriverName", "State", "URL", "Swarm", "DockerVersion", "Error")
    cells = [row[field] for field in fields]
    widths = [max(len(title), len(cell)) + 3 for title, cell in zip(titles, cells, strict=True)]
    lines = ["".join(f"{text:<{width}}" for text, width in zip(line, widths, strict=True)) for line in (titles, cells)]
    return "\n".join(line.rstrip() for line in lines)


def _version(host: Host) -> str:
    """Asked of the engine; docker-machine gives up on one that hangs, and on one whose TLS fails."""
    if host.state != "Running" or host.vm.mode == "tls":
        return "Unknown"
    try:
        return f"v{api.ask(host.vm.ports.plain, '/version', seconds=2)['Version']}".partition("+")[0]
    except OSError:
        return "Unknown"
