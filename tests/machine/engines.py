"""`start(version)` → `Engine`: a real Docker engine of our own, shared by whoever runs tests on this machine at once.

An engine that nobody uses and that was not left running on purpose (`keep`) is a crashed run's leftover: it is
stopped and started afresh.
"""

from __future__ import annotations

import fcntl
from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

from tests.machine import daemon, processes, root
from tests.machine.layout import Layout, MachineError, default_cache
from tests.machine.packages import PLUGINS, fetch, locked

_DIE_SECONDS = 30.0


class Engine:
    """A running engine. `stop()` when done: the last user really stops it."""

    def __init__(self, layout: Layout, user: TextIO) -> None:
        self._layout = layout
        self._user = user
        self.version = layout.version
        self.host = f"unix://{layout.socket}"
        self.data = layout.data
        self.log = layout.log
        self.docker = str(layout.packages / "usr/bin/docker")
        self.compose = str(layout.packages / PLUGINS / "docker-compose")

    @property
    def pid(self) -> int:
        """dockerd's, 0 when it is not running."""
        return daemon.pid_of(self._layout)

    @property
    def env(self) -> dict[str, str]:
        """For a docker CLI: the engine, and the plug-ins that were fetched with it."""
        return {"DOCKER_HOST": self.host, "DOCKER_CONFIG": str(self._layout.packages / "config")}

    def pause(self) -> None:
        """SIGSTOP: it accepts connections and answers nothing, as an engine does that hangs after a wake."""
        pid = self.pid
        root.signal(pid, "STOP")
        processes.wait_until(lambda: processes.stopped(pid), _DIE_SECONDS, "dockerd to stop")

    def resume(self) -> None:
        root.signal(self.pid, "CONT")

    def kill(self) -> None:
        """SIGKILL, and wait until it is gone; its containers go on until the next start."""
        pid = self.pid
        if pid:
            root.signal(pid, "KILL")
            processes.wait_until(lambda: not processes.alive(pid), _DIE_SECONDS, "dockerd to die")

    def restart(self) -> None:
        """Stop it (if it runs) and start it again at the same address."""
        daemon.stop_dockerd(self._layout)
        daemon.start_dockerd(self._layout)

    def keep(self) -> None:
        """Leave it running when we go, until `release`."""
        (self._layout.run / "keep").touch()

    def release(self) -> None:
        (self._layout.run / "keep").unlink(missing_ok=True)

    def stop(self) -> None:
        """Leave it; stop it when it is not kept and nobody else uses it."""
        with locked(self._layout.run / "lock"):
            self._user.close()
            if not _kept(self._layout) and not _used(self._layout):
                daemon.sweep(self._layout)

    def destroy(self) -> None:
        """Stop it and remove its images and containers: for an engine of a test's own."""
        self.release()
        self.stop()
        if not self.pid:
            root.run(["rm", "-rf", str(self._layout.data), str(self._layout.run)])


def start(
    version: str,
    cache: Path | None = None,
    *,
    name: str = "shared",
    settings: Mapping[str, object] | None = None,
) -> Engine:
    """Fetch what is missing, start the engine or join the one that runs, and return when it answers.

    A test that pauses or kills the daemon uses a `name` of its own. `settings` are keys of daemon.json.
    Raises MachineError.
    """
    layout = Layout(cache or default_cache(), version, name)
    fetch(version, layout.cache)
    layout.data.mkdir(parents=True, exist_ok=True)
    layout.run.mkdir(mode=0o755, exist_ok=True)
    with locked(layout.run / "lock"):
        if not _joinable(layout):
            (layout.run / "keep").unlink(missing_ok=True)
            daemon.sweep(layout)
            daemon.launch(layout, settings or {})
        user = (layout.run / "users").open("a")
        fcntl.flock(user, fcntl.LOCK_SH)
    return Engine(layout, user)


def running(version: str, cache: Path | None = None, *, name: str = "shared") -> bool:
    """Whether that engine's daemon is there, answering or not."""
    return bool(daemon.pid_of(Layout(cache or default_cache(), version, name)))


def _joinable(layout: Layout) -> bool:
    if not daemon.pid_of(layout) or not (_kept(layout) or _used(layout)):
        return False
    if not daemon.answers(layout, seconds=10.0):
        raise MachineError(f"the engine {layout.version} that is in use at {layout.socket} does not answer")
    return True


def _kept(layout: Layout) -> bool:
    return (layout.run / "keep").exists()


def _used(layout: Layout) -> bool:
    """Whether a living process holds the users' lock: the kernel drops it even after kill -9."""
    with (layout.run / "users").open("a") as probe:
        try:
            fcntl.flock(probe, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False
