"""What `docker-machine` 0.16 says and does. Source: docker/machine, commands/*.go and libmachine/mcnerror."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NoReturn

from tests.machine import MachineError
from tests.standins.docker_machine_ls import Host, show
from tests.standins.through_ssh import become, command
from tests.vm.layout import Run
from tests.vm.machine import Vm

_UNKNOWN = (
    'Docker machine "{}" does not exist. Use "docker-machine ls" to list machines. '
    'Use "docker-machine create" to add a new one.'
)


def main(run: str, options: Mapping[str, str], argv: list[str]) -> int:
    """Its exit code: 1 with a line on stderr when it cannot."""
    host = Host(Vm(Run(Path(run))), options["name"], options["driver"], options["ssh"], options["home"])
    words = list(argv)
    while words and words[0].startswith("-") and words[0] not in ("-v", "--version"):
        words.pop(0)
    try:
        return _act(host, *(words or ["help"]))
    except MachineError as error:
        print(error, file=sys.stderr)
        return 1


def _act(host: Host, verb: str, *words: str) -> int:
    if verb == "ls":
        show(host, list(words))
        return 0
    if verb in ("version", "-v", "--version"):
        print("docker-machine version 0.16.2, build bd45ab13")
        return 0
    verbs: dict[str, Callable[[Host, list[str]], None]] = {
        "status": _status,
        "ip": _ip,
        "url": _url,
        "env": _env,
        "inspect": _inspect,
        "ssh": _ssh,
        "start": _start,
        "stop": _stop,
        "restart": _restart,
        "kill": _kill,
    }
    if verb not in verbs:
        print("Usage: docker-machine [OPTIONS] COMMAND [arg...]", file=sys.stderr)
        return 1
    name, rest = _name(verb, list(words))
    if name != host.name:
        raise MachineError(_UNKNOWN.format(name))
    verbs[verb](host, rest)
    return 0


def _name(verb: str, words: list[str]) -> tuple[str, list[str]]:
    """The machine (`default` when none is named) and the other words. Only ssh has words that belong to others."""
    if verb == "ssh":
        return (words[0], words[1:]) if words else ("default", [])
    parser = argparse.ArgumentParser(prog=f"docker-machine {verb}", allow_abbrev=False)
    parser.add_argument("--shell", default="")
    parser.add_argument("-f", "--format", default="")
    parser.add_argument("names", nargs="*")
    found = parser.parse_args(words)
    return (found.names or ["default"])[0], [found.shell or found.format]


def _status(host: Host, words: list[str]) -> None:
    print(host.state)


def _ip(host: Host, words: list[str]) -> None:
    host.need_running()
    print("127.0.0.1")


def _url(host: Host, words: list[str]) -> None:
    host.need_running()
    print(host.vm.docker_host)


def _env(host: Host, words: list[str]) -> None:
    if host.state != "Running":
        raise MachineError("Error checking TLS connection: Host is not running")
    shell = words[0] or Path(os.environ.get("SHELL", "")).name
    line = 'set -gx {} "{}";' if shell == "fish" else 'export {}="{}"'
    for name, value in {**host.vm.environ, "DOCKER_MACHINE_NAME": host.name}.items():
        print(line.format(name, value))
    print(f"# Run this command to configure your shell: \n# eval $(docker-machine env {host.name})")


def _inspect(host: Host, words: list[str]) -> None:
    vm = host.vm
    certs = vm.environ.get("DOCKER_CERT_PATH") or str(vm.run.certificates / "client")
    known = {
        "ConfigVersion": 3,
        "Driver": {
            "IPAddress": "127.0.0.1",
            "MachineName": host.name,
            "SSHUser": "docker",
            "SSHPort": vm.ports.ssh,
            "SSHKeyPath": str(vm.settings.base.key),
            "StorePath": host.home,
            "CPU": 1,
            "Memory": 1536,
            "NoShare": False,
            "ShareFolder": "/Users:Users",
        },
        "DriverName": host.driver,
        "HostOptions": {
            "EngineOptions": {"TlsVerify": True, "StorageDriver": ""},
            "AuthOptions": {
                "CertDir": certs,
                "CaCertPath": f"{certs}/ca.pem",
                "ServerCertPath": f"{certs}/server.pem",
                "ServerKeyPath": f"{certs}/server-key.pem",
                "ClientKeyPath": f"{certs}/key.pem",
                "ClientCertPath": f"{certs}/cert.pem",
                "ServerCertSANs": [],
                "StorePath": certs,
            },
        },
        "Name": host.name,
    }
    print(json.dumps(known, indent=4))


def _ssh(host: Host, words: list[str]) -> NoReturn:
    if host.state != "Running":
        raise MachineError(f'Cannot run SSH command: Host "{host.name}" is not running')
    become(command(host.vm.settings.base, host.vm.ports.ssh, host.ssh, host.home, words))


def _start(host: Host, words: list[str]) -> None:
    print(f'Starting "{host.name}"...', flush=True)
    if host.state == "Running":
        raise MachineError("already running")
    host.vm.wake() if host.vm.asleep else host.vm.boot()
    print(f'Machine "{host.name}" was started.\nWaiting for SSH to be available...\nDetecting the provisioner...')
    print("Started machines may have new IP addresses. You may need to re-run the `docker-machine env` command.")


def _stop(host: Host, words: list[str]) -> None:
    print(f'Stopping "{host.name}"...', flush=True)
    host.vm.shutdown()
    print(f'Machine "{host.name}" was stopped.')


def _kill(host: Host, words: list[str]) -> None:
    print(f'Killing "{host.name}"...', flush=True)
    host.vm.kill()
    print(f'Machine "{host.name}" was killed.')


def _restart(host: Host, words: list[str]) -> None:
    print(f'Restarting "{host.name}"...', flush=True)
    host.vm.shutdown()
    host.vm.boot()
    print("Restarted machines may have new IP addresses. You may need to re-run the `docker-machine env` command.")
