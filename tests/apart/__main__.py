"""`python -m tests.apart COMMAND…`, as root or as a user who has sudo without a password."""

from __future__ import annotations

import os
import sys

from tests.apart.outside import run
from tests.machine import MachineError, default_cache, root

_CALLER = "DFDEV_TEST_CALLER"


def main(arguments: list[str]) -> int:
    if not arguments:
        print(f"usage: {__doc__}", file=sys.stderr)
        return 2
    try:
        if os.geteuid():
            _again_as_root(arguments)
        return run(arguments, default_cache(), _caller())
    except MachineError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


def _again_as_root(arguments: list[str]) -> None:
    """sudo changes some variables whatever it is asked for; these are ours."""
    kept = {name: os.environ.get(name, "") for name in ("PATH", "PYTHONPATH")}
    kept |= {"DFDEV_TEST_CACHE": str(default_cache()), _CALLER: f"{os.getuid()}:{os.getgid()}"}
    words = [f"{name}={value}" for name, value in kept.items()]
    os.execvp("sudo", [*root.prefix(), *words, sys.executable, "-B", "-m", "tests.apart", *arguments])


def _caller() -> tuple[int, int]:
    """uid and gid of who asked. sudo's own variables are there in any shell that somebody opened with it."""
    user, _, group = os.environ.pop(_CALLER, f"{os.getuid()}:{os.getgid()}").partition(":")
    return int(user), int(group)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
