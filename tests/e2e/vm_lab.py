"""A workspace in the VM's shared folder, run through stand-ins of boot2docker or docker-machine."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests import standins
from tests.e2e.lab import Done, Lab
from tests.standins.through_ssh import Way
from tests.vm.clock import Offset
from tests.vm.machine import Vm

WEB = """
[services.www]
image = "dfdev/small:1"
code = "www"
logs = "www/run"
command = "httpd -f -p 8080 -h /var/www"
ports = ["{port}:8080"]
health = {{ http = "/", timeout = "60s" }}
"""


@dataclass(frozen=True)
class VmLab:
    """`bin`: where the stand-ins are, first in PATH. `env`: what a shell would have exported."""

    vm: Vm
    lab: Lab
    bin: Path
    env: dict[str, str]

    @property
    def environ(self) -> dict[str, str]:
        path = f"{self.bin}:{os.environ.get('PATH', '')}"
        return {**self.lab.environ, "DOCKER_HOST": "", **self.env, "PATH": path}

    def dfdev(self, *args: str, timeout: float = 240, **env: str) -> Done:
        return self.lab.dfdev(*args, timeout=timeout, env={**self.environ, **env})

    def web(self, port: int, more: str = "", machine: str = 'provider = "boot2docker"') -> None:
        """One service with a page, on that port."""
        self.lab.write("<h1>in the VM</h1>\n", "www/index.html")
        section = f"[machine]\n{machine}\n" if machine else ""
        self.lab.workspace(f"{section}{WEB.format(port=port)}{more}")


MakeLab = Callable[..., VmLab]


def with_boot2docker(vm: Vm, lab: Lab, folder: Path, ssh: Way = "normal") -> VmLab:
    standins.boot2docker(folder, vm, ssh)
    return VmLab(vm, lab, folder, {})


def assert_right(vm: Vm, done: Offset | None = None, bound_ms: float = 0.0) -> None:
    """The VM's clock, judged by ssh alone: right to 50 ms and what dfdev itself said it may be off."""
    offset = done or vm.clock_offset()
    assert abs(offset.seconds) <= bound_ms / 1000 + 0.05 + offset.bound, offset
