"""What `boot2docker` 1.8 says and does. Source: boot2docker/boot2docker-cli, cmds.go, util.go and README.md.

What asks the machine itself logs in by ssh, without a deadline: that takes as long as it takes.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.machine import MachineError
from tests.standins.through_ssh import become, command, key_of, logged_in
from tests.vm.layout import Run
from tests.vm.machine import Vm

NAME = "boot2docker-vm"
_USAGE = (
    "Usage: boot2docker [<options>] {help|init|up|ssh|save|down|poweroff|reset|restart|config|status|info|ip|shellinit|"
    "delete|download|upgrade|version} [<args>]"
)


def main(run: str, options: Mapping[str, str], argv: list[str]) -> int:
    """Its exit code: 1 with a line on stderr when it cannot."""
    words = list(argv)
    while words and words[0].startswith("-"):
        words.pop(0)
    try:
        return _act(Vm(Run(Path(run))), options, *(words or ["help"]))
    except MachineError as error:
        print(f"error in run: {error}", file=sys.stderr)
        return 1


def _act(vm: Vm, options: Mapping[str, str], verb: str, *words: str) -> int:
    verbs: dict[str, Callable[[Vm], None]] = {
        **dict.fromkeys(("up", "start", "boot", "resume"), _up),
        **dict.fromkeys(("down", "stop", "halt"), _down),
        **dict.fromkeys(("save", "suspend"), _save),
        "poweroff": _poweroff,
        "restart": _restart,
        "status": _status,
        "info": _info,
        "ip": _ip,
        "shellinit": _shellinit,
        "socket": _socket,
        "version": _version,
    }
    if verb == "ssh":
        _need_running(vm)
        become(command(vm.settings.base, vm.ports.ssh, options["ssh"], options["home"], words))
    if verb == "config":
        _config(vm, key_of(vm.settings.base, options["ssh"], options["home"]))
        return 0
    if verb not in verbs:
        print(_USAGE, file=sys.stderr)
        return 1
    if verb in ("ip", "shellinit", "socket"):
        _need_ssh(vm, options["ssh"], options["home"])
    verbs[verb](vm)
    return 0


def _up(vm: Vm) -> None:
    print("Waiting for VM and Docker daemon to start...", flush=True)
    vm.wake() if vm.asleep else vm.boot()
    print("....................ooooo\nStarted.\n\nTo connect the Docker client to the Docker daemon, please set:")
    _exports(vm)


def _down(vm: Vm) -> None:
    vm.shutdown()


def _poweroff(vm: Vm) -> None:
    vm.kill()


def _save(vm: Vm) -> None:
    _need_running(vm)
    vm.save()


def _restart(vm: Vm) -> None:
    vm.shutdown()
    _up(vm)


def _status(vm: Vm) -> None:
    print(vm.state)


def _ip(vm: Vm) -> None:
    _need_running(vm)
    print("\nThe VM's Host only interface IP address is: ", end="", file=sys.stderr, flush=True)
    print("127.0.0.1", flush=True)


def _socket(vm: Vm) -> None:
    _need_running(vm)
    print(vm.docker_host)


def _shellinit(vm: Vm) -> None:
    _need_running(vm)
    folder = vm.environ.get("DOCKER_CERT_PATH")
    for name in ("ca.pem", "cert.pem", "key.pem") if folder else ():
        print(f"Writing {folder}/{name}", file=sys.stderr)
    _exports(vm)


def _exports(vm: Vm) -> None:
    """Lines for `eval`, by the kind of the caller's shell."""
    fish = Path(os.environ.get("SHELL", "")).name == "fish"
    for name in ("DOCKER_HOST", "DOCKER_CERT_PATH", "DOCKER_TLS_VERIFY"):
        value = vm.environ.get(name)
        if value:
            print(f"    set -x {name} {value}" if fish else f"    export {name}={value}")
        else:
            print(f"    set -e {name}" if fish else f"    unset {name}")


def _info(vm: Vm) -> None:
    home = f"{os.environ.get('HOME', '')}/VirtualBox VMs/{NAME}"
    known = {
        "Name": NAME,
        "UUID": "6cb9a2a0-9ab3-4c7e-a5f6-d2b9b0a9f0a1",
        "Iso": f"{os.environ.get('HOME', '')}/.boot2docker/boot2docker.iso",
        "State": vm.state,
        "CPUs": 1,
        "Memory": 1536,
        "VRAM": 8,
        "CfgFile": f"{home}/{NAME}.vbox",
        "BaseFolder": home,
        "OSType": "",
        "Flag": 0,
        "BootOrder": None,
        "DockerPort": 0,
        "SSHPort": vm.ports.ssh,
        "SerialFile": str(vm.run.serial),
    }
    print(json.dumps(known, indent="\t"))


def _config(vm: Vm, key: Path) -> None:
    print(f'Verbose = false\nDriver = "virtualbox"\nSSH = "ssh"\nVM = "{NAME}"\nSSHPort = {vm.ports.ssh}')
    print(f'SSHKey = "{key}"\nMemory = 1536\nDockerPort = 0')


def _version(vm: Vm) -> None:
    print("Boot2Docker-cli version: v1.8.0\nGit commit: 9a26066")


def _need_ssh(vm: Vm, ssh: str, home: str) -> None:
    _need_running(vm)
    if ssh != "hang" and not logged_in(vm.settings.base, vm.ports.ssh, ssh, home):
        raise MachineError("Error requesting socket: exit status 255\n")


def _need_running(vm: Vm) -> None:
    if vm.state != "running":
        raise MachineError(f'VM "{NAME}" is not running.')
