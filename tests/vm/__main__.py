"""`python -m tests.vm build|boot|ssh|env|stop`: a VM for a developer of this repository. `ssh` takes a command."""

from __future__ import annotations

import argparse
import os
import sys

from tests.machine import MachineError
from tests.vm import disk, images, runs
from tests.vm.machine import Vm


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.vm", description=__doc__)
    actions = parser.add_subparsers(dest="action", required=True)
    for name in ("build", "boot"):
        actions.add_parser(name).add_argument("--bare", action="store_true", help="without images: quicker to make")
    actions.add_parser("ssh").add_argument("command", nargs=argparse.REMAINDER)
    for name in ("env", "stop"):
        actions.add_parser(name)
    found = vars(parser.parse_args())
    try:
        _act(found["action"], found.get("bare", False), found.get("command", []))
    except MachineError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _act(action: str, bare: bool, command: list[str]) -> None:
    if action == "build":
        print((disk.base() if bare else images.base()).data.parent)
    elif action == "boot":
        _boot(bare)
    else:
        run = runs.kept()
        if run is None:
            raise MachineError("no VM is running; `python -m tests.vm boot` starts one")
        if action == "stop":
            runs.remove(run)
        elif action == "env":
            _show(Vm(run))
        else:
            os.execvp("ssh", [*Vm(run).ssh_argv(), *command])


def _boot(bare: bool) -> None:
    run = runs.kept()
    if run is not None:
        Vm(run).boot()
        _show(Vm(run))
        return
    with runs.new(disk.base() if bare else images.base()) as vm:
        vm.boot()
        vm.run.kept.touch()
        _show(vm)


def _show(vm: Vm) -> None:
    """Lines for `eval`."""
    for name, value in {**vm.environ, "DFDEV_VM": str(vm.run.folder), "DFDEV_VM_SHARE": str(vm.share)}.items():
        print(f"export {name}={value}")


if __name__ == "__main__":
    sys.exit(main())
