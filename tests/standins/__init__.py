"""Commands of products that are gone, standing in for them: they behave as documented and act on the tests' VM.

A test puts the folder first in PATH. Everything behind the command is real: the VM, its sshd, its engine.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.standins.through_ssh import Way
from tests.vm.machine import Vm

_ROOT = Path(__file__).resolve().parents[2]
_SCRIPT = """#!{python}
import sys

sys.path.insert(0, {root!r})
from tests.standins.{module} import main

sys.exit(main({run!r}, {options!r}, sys.argv[1:]))
"""


def boot2docker(folder: Path, vm: Vm, ssh: Way = "normal") -> Path:
    """Write `boot2docker` into the folder; its path."""
    return _write(folder / "boot2docker", "boot2docker_cli", vm, {"ssh": ssh, "home": str(folder)})


def docker_machine(
    folder: Path, vm: Vm, ssh: Way = "normal", *, name: str = "default", driver: str = "virtualbox"
) -> Path:
    """Write `docker-machine` into the folder, with the VM as its only machine; its path."""
    options = {"ssh": ssh, "home": str(folder), "name": name, "driver": driver}
    return _write(folder / "docker-machine", "docker_machine_cli", vm, options)


def _write(path: Path, module: str, vm: Vm, options: dict[str, str]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        _SCRIPT.format(python=sys.executable, root=str(_ROOT), module=module, run=str(vm.run.folder), options=options)
    )
    path.chmod(0o755)
    return path
