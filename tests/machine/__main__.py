"""`python -m tests.machine start|stop|env VERSION`: an engine for a developer of this repository."""

from __future__ import annotations

import argparse
import signal
import sys

from tests.machine import VERSIONS, Engine, MachineError, start


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.machine", description=__doc__)
    parser.add_argument("action", choices=("start", "stop", "env"))
    parser.add_argument("version", nargs="?", default="28", choices=VERSIONS)
    parser.add_argument("--foreground", action="store_true", help="stop it again on Ctrl-C")
    arguments = parser.parse_args()
    try:
        engine = start(arguments.version)
        _act(arguments.action, engine, arguments.foreground)
    except MachineError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _act(action: str, engine: Engine, foreground: bool) -> None:
    if action == "stop":
        engine.release()
        engine.stop()
        return
    if not foreground:
        engine.keep()
    for name, value in engine.env.items():
        print(f"export {name}={value}", flush=True)
    if foreground:
        signal.sigwait({signal.SIGINT, signal.SIGTERM})
    engine.stop()


if __name__ == "__main__":
    sys.exit(main())
