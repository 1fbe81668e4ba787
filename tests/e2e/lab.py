"""A workspace of a test and the installed command, run as users run it: by subprocess."""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import socket
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DFDEV = Path(sys.executable).with_name("dfdev")
"""The command as installed beside the Python that runs the tests."""


def unused_port() -> int:
    """Nobody listens there, and it is below the range that outgoing connections take theirs from."""
    while True:
        port = random.randrange(20000, 32000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str

    def json(self) -> Any:
        return json.loads(self.out)

    def ok(self) -> Done:
        assert self.code == 0, f"exit {self.code}\n{self.out}\n{self.err}"
        return self


@dataclass(frozen=True)
class Lab:
    """One DFHOME with its own user settings, on one engine."""

    home: Path
    user: Path
    docker_host: str
    name: str = "lab"
    """Name of the workspace: unlike any other test's, because containers are named by it."""

    @property
    def environ(self) -> dict[str, str]:
        """The test's environment, less what would leak a developer's own settings into it."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("DOCKER_", "DFDEV_", "DFHOME", "XDG_", "CI"))}
        return {
            **kept,
            "HOME": str(self.user),
            "DOCKER_HOST": self.docker_host,
            "DFHOME": str(self.home),
            "NO_COLOR": "1",
        }

    def write(self, text: str, name: str = "dfdev.toml") -> None:
        path = self.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def workspace(self, text: str) -> None:
        """A dfdev.toml with the workspace's own name."""
        self.write(f'[workspace]\nname = "{self.name}"\n\n{text}')

    def dfdev(self, *args: str, timeout: float = 120, env: Mapping[str, str] | None = None, stdin: str = "") -> Done:
        done = subprocess.run(
            [str(DFDEV), *args],
            capture_output=True,
            text=True,
            timeout=timeout,
            cwd=self.home,
            env={**self.environ, **(env or {})},
            input=stdin,
            check=False,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    def start(self, *args: str, env: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
        """The command under way, for tests that interrupt it."""
        return subprocess.Popen(
            [str(DFDEV), *args],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self.home,
            env={**self.environ, **(env or {})},
        )

    def up(self, *args: str, timeout: float = 120) -> Done:
        return self.dfdev("up", *args, timeout=timeout)

    def containers(self) -> dict[str, str]:
        """Service -> container id, of all containers of this workspace."""
        form = '{{.Label "dev.dfdev.service"}} {{.ID}}'
        found = self.docker(
            "ps", "-a", "--no-trunc", "--filter", f"label=dev.dfdev.workspace={self.name}", "--format", form
        )
        return dict(line.split() for line in found.splitlines())

    def clean(self) -> None:
        """Remove what the workspace left on the engine."""
        mine = f"label=dev.dfdev.workspace={self.name}"
        ids = self.docker("ps", "-aq", "--filter", mine, check=False).split()
        if ids:
            self.docker("rm", "-fv", *ids, check=False)
        for kind in ("network", "volume"):
            ids = self.docker(kind, "ls", "-q", "--filter", mine, check=False).split()
            if ids:
                self.docker(kind, "rm", *ids, check=False)

    def docker(self, *args: str, check: bool = True) -> str:
        """The docker CLI on the same engine: what a suspicious user would look with."""
        docker = shutil.which("docker")
        assert docker, "the docker CLI is installed by shell/test.sh"
        command = [docker, "-H", self.docker_host, *args]
        return subprocess.run(command, capture_output=True, text=True, timeout=120, check=check).stdout
