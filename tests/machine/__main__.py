"""`python -m tests.machine start|stop|env|fetch [VERSION]`: an engine for a developer of this repository."""

from __future__ import annotations

import argparse
import signal
import sys

from tests.machine import VERSIONS, Engine, MachineError, default_cache, fetch, running, start


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.machine", description=__doc__)
    parser.add_argument("action", choices=("start", "stop", "env", "fetch"))
    parser.add_argument("version", nargs="?", default="28", choices=VERSIONS)
    parser.add_argument("--foreground", action="store_true", help="stop it again on Ctrl-C")
    arguments = parser.parse_args()
    try:
        _act(arguments.action, arguments.version, arguments.foreground)
    except MachineError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _act(action: str, version: str, foreground: bool) -> None:
    if action == "fetch":
        print(fetch(version, default_cache()))
    elif action == "start":
        _start(version, foreground)
    elif not running(version):
        print(f"the engine {version} is not running", file=sys.stderr)
    else:
        engine = start(version)
        if action == "env":
            _show(engine)
        else:
            engine.release()
        engine.stop()


def _start(version: str, foreground: bool) -> None:
    engine = start(version)
    if not foreground:
        engine.keep()
    _show(engine)
    if foreground:
        signal.sigwait({signal.SIGINT, signal.SIGTERM})
    engine.stop()


def _show(engine: Engine) -> None:
    """Lines for `eval`."""
    for name, value in engine.env.items():
        print(f"export {name}={value}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
