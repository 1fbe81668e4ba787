"""A command in a container ends with its caller. The engine has no call for that: its processes carry a mark."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from dfdev.core.typed import typed
from dfdev.engine.protocol import Engine
from dfdev.errors import Conflict, EngineError, NotFound

RUN = "DFDEV_RUN"
"""The variable that marks the processes of a run."""
_GRACE = 5.0
_SIGNALS = {signal.SIGINT: "INT", signal.SIGHUP: "HUP"}
_SCRIPT = f"""
marked() {{
    for folder in /proc/[0-9]*; do
        case $({{ tr '\\0' ' ' <"$folder/environ"; }} 2>/dev/null) in
        *"{RUN}=$run "*) printf '%s ' "${{folder#/proc/}}" ;;
        esac
    done
}}
found() {{
    marked=" $(marked)"
    for folder in /proc/[0-9]*; do
        {{ read -r line <"$folder/stat"; }} 2>/dev/null || continue
        set -- ${{line##*) }}
        [ "$1" != Z ] || continue
        case $marked in *" ${{folder#/proc/}} "* | *" $4 "*) printf '%s ' "${{folder#/proc/}}" ;; esac
    done
}}
end() {{
    kill -s "$1" $(found) 2>/dev/null
    turns=0
    while pids=$(found) && [ -n "$pids" ]; do
        [ "$turns" -lt "$2" ] || kill -s KILL $pids 2>/dev/null
        [ "$turns" -lt $(($2 + 50)) ] || exit 1
        turns=$((turns + 1))
        sleep 0.1
    done
}}
run=$1
"""
"""The marked ones, and what shares a session with one: a browser overwrites its environment with its title."""
_KILL = _SCRIPT + 'end "$2" "$3"'
_HOLD = _SCRIPT + 'read -r word; [ "$word" = done ] || end "$2" "$3"'


def new_run() -> str:
    """For the environment of a command: `{RUN: new_run()}`."""
    return os.urandom(8).hex()


def kill_run(
    engine: Engine, container: str, run: str, number: int = signal.SIGTERM, *, user: str, grace: float = _GRACE
) -> None:
    """Signal all processes of the run, and kill those that are still there after `grace` seconds. Waits until they
    are gone; a container that does not run, or is not there, is no error. EngineError: they are still there.

    `user`: the run's own, as `Engine.session` has it: not even a container's root may see another's environment.
    """
    argv = ["sh", "-c", _KILL, "sh", run, _SIGNALS.get(signal.Signals(number), "TERM"), str(round(grace * 10))]
    with suppress(Conflict, NotFound):
        if engine.pipe(container, argv, user=user).exit_code:
            raise EngineError(
                "the command in the container cannot be killed", f"`{typed('docker restart', container[:12])}`"
            )


@contextmanager
def lifeline(engine: Engine, container: str, run: str, *, user: str, after: float = 0.5) -> Iterator[None]:
    """When this process dies inside, even by `kill -9`, or something is raised, the run is killed. Nothing is asked of
    the engine in the first `after` seconds: most commands have ended by then.
    """
    done, well = threading.Event(), threading.Event()

    def held() -> Iterator[bytes]:
        done.wait()
        if well.is_set():
            yield b"done\n"

    def hold() -> None:
        if not done.wait(after) or not well.is_set():
            argv = ["sh", "-c", _HOLD, "sh", run, "TERM", str(round(_GRACE * 10))]
            with suppress(EngineError):
                engine.pipe(container, argv, feed=held(), user=user)

    thread = threading.Thread(target=hold, daemon=True)
    thread.start()
    try:
        yield
        well.set()
    finally:
        done.set()
        thread.join(1.0)
