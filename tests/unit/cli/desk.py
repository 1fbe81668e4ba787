"""A computer of a test's own: products' commands that are scripts, and an engine whose clock is as far off as a file
says. dfdev runs as a process, as people run it.
"""

from __future__ import annotations

import json
import os
import shlex
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from pathlib import Path
from typing import Any

from dfdev.core.clock import SECOND
from tests.unit.clock.harmless import harmless
from tests.unit.engine.server import answering, ok

RUNNING = '{"name":"default","status":"Running","runtime":"docker"}'
STOPPED = '{"name":"default","status":"Stopped"}'
_DATE = """
case "$*" in
    --version) echo 'date (GNU coreutils) 9.1' ;;
    *-s*) echo 'date: cannot set date: Operation not permitted'; exit 1 ;;
    +%s) echo $(($(/usr/bin/date +%s) + $(cat {skew}) / 1000000000)) ;;
    *)
        now=$(($(/usr/bin/date +%s%N) + $(cat {skew})))
        printf '%d.%09d\\n' $((now / 1000000000)) $((now % 1000000000)) ;;
esac
"""
_SETS = """
for last; do before=$second; second=$last; done
echo $(($(cat {skew}) + before * 1000000000 + second)) >{skew}.new && mv {skew}.new {skew}
"""
"""A `python3` whose last two words are seconds and nanoseconds."""


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str

    def json(self) -> Any:
        assert self.out.endswith("}\n"), (self.out, self.err)
        return json.loads(self.out)


@dataclass
class Desk:
    """`home` is short: sockets are below it. `asked`: paths that the engine was asked for."""

    home: Path
    engine: str
    asked: list[str] = field(default_factory=list)

    @property
    def sock(self) -> Path:
        return self.home / ".colima" / "default" / "docker.sock"

    @property
    def skew_file(self) -> Path:
        return self.home / "skew"

    @property
    def skew(self) -> float:
        """Seconds that the machine's clock is off."""
        return int(self.skew_file.read_text()) / SECOND

    def off(self, seconds: float) -> None:
        self.skew_file.write_text(str(int(seconds * SECOND)))

    def has(self, name: str, body: str, folder: str = "bin") -> None:
        file = self.home / folder / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"#!/bin/sh\n{body}\n")
        file.chmod(0o755)

    def colima(self, *lines: str, shell: bool = True, start: str = "echo starting >&2") -> None:
        """Installed, with these profiles. `shell`: its ssh leads to a shell whose clock is the engine's."""
        self.has("date", _DATE.format(skew=self.skew_file), "vm")
        self.has("python3", _SETS.format(skew=self.skew_file) if shell else "exit 77", "vm")
        for name in ("perl", "busybox"):
            self.has(name, "exit 77", "vm")
        inside = shlex.join(harmless(["env", f"PATH={self.home}/vm:/usr/bin:/bin", "sh", "-s"]))
        ssh = f'case "$*" in *"sudo sh -s") exec {inside} ;; *) shift; echo "in: $*" ;; esac'
        listing = "\n".join(["cat <<'END'", *lines, "END"])
        words = f'echo "$*" >>{self.home}/log'
        self.has("colima", f'{words}\ncase "$1" in\nlist) {listing}\n;;\nssh) {ssh} ;;\nstart) {start} ;;\nesac')

    def runs(self) -> None:
        """Colima's socket is there."""
        self.sock.parent.mkdir(parents=True, exist_ok=True)
        self.sock.symlink_to(self.engine)

    @property
    def log(self) -> list[str]:
        file = self.home / "log"
        return file.read_text().splitlines() if file.exists() else []

    def dfdev(self, *args: str, **environ: str) -> Done:
        env = {
            "HOME": str(self.home),
            "PATH": f"{self.home}/bin:/usr/bin:/bin",
            "DOCKER_HOST": f"unix://{self.sock}",
            "DFDEV_ENGINE_TIMEOUT": "5",
            "PYTHONPATH": os.pathsep.join(sys.path),
            "LANG": "C.UTF-8",
            **environ,
        }
        argv = [sys.executable, "-m", "dfdev", *args]
        done = subprocess.run(
            harmless(argv), env=env, cwd=self.home, capture_output=True, text=True, timeout=60, check=False
        )
        assert "Traceback" not in done.stderr, done.stderr
        return Done(done.returncode, done.stdout, done.stderr)

    def answer(self, connection: socket.socket, request: bytes) -> bool:
        path = request.split()[1].decode()
        self.asked.append(path)
        now = time.time_ns() + int(self.skew_file.read_text())
        whole, rest = divmod(now, SECOND)
        stamp = f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(whole))}.{rest:09d}Z"
        info = {"ServerVersion": "28.5.2", "OperatingSystem": "Ubuntu 24.04", "Name": "somebody", "SystemTime": stamp}
        date = f"Date: {formatdate(whole, usegmt=True)}\r\n".encode()
        connection.sendall(ok(json.dumps(info if path.endswith("/info") else []).encode(), date))
        return True


@contextmanager
def desk() -> Iterator[Desk]:
    """With nothing installed yet, and the engine's clock right."""
    with tempfile.TemporaryDirectory() as folder:
        made = Desk(Path(folder), "")
        made.off(0)
        (made.home / "bin").mkdir()
        with answering(made.answer) as wire:
            made.engine = wire.endpoint.path
            yield made
