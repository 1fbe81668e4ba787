"""A workspace with a front end, and the tools of it run as a developer runs them: from some folder, with some input."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pexpect

from dfdev.resources import templates_dir
from tests import machine
from tests.e2e.lab import DFDEV, Done, Lab

SMALL = Path(__file__).parent / "frontend-small"
"""A project with nothing but grunt, whose modules are there in seconds."""


def ensure_node(engine: machine.Engine, version: str = "24") -> None:
    """The base of the front end's image, where the engine does not have it yet."""
    command = [str(DFDEV), "images", "bootstrap", f"node:{version}"]
    subprocess.run(command, env={**os.environ, **engine.env}, check=True, timeout=900)


@contextmanager
def front_of_a_module(engine: machine.Engine, folder: Path, name: str) -> Iterator[FrontendLab]:
    """For the tests of one file together: its modules are installed once."""
    home, user = folder / f"{name}-home", folder / "user"
    home.mkdir()
    # Where the docker CLI looks for buildx.
    (user / ".docker").mkdir(parents=True)
    (user / ".docker" / "cli-plugins").symlink_to(Path(engine.env["DOCKER_CONFIG"]) / "cli-plugins")
    made = FrontendLab(Lab(home, user, engine.host, f"{name}-{os.getpid()}"))
    try:
        yield made
    finally:
        made.clean()


@dataclass(frozen=True)
class FrontendLab:
    lab: Lab

    @property
    def home(self) -> Path:
        return self.lab.home

    @property
    def folder(self) -> Path:
        return self.lab.home / "frontend"

    @property
    def container(self) -> str:
        """Id of the one that commands run in."""
        return self.lab.containers()["frontend-tools"]

    def workspace(self, more: str = "", services: str = "") -> None:
        self.lab.workspace(f'[frontend]\ndir = "frontend"\n{more}\n{services}')

    def small(self, more: str = "") -> None:
        """Grunt and a file to build from, in the image of the scaffold."""
        shutil.copytree(SMALL, self.folder)
        shutil.copy(templates_dir() / "frontend" / "current" / "Dockerfile", self.folder)
        self.save("src/app.js", "console.log(1);\n")
        self.workspace(more)

    def scaffold(self, more: str = "") -> None:
        """What `dfdev frontend init` gives."""
        shutil.copytree(templates_dir() / "frontend" / "current", self.folder)
        self.workspace(more)

    def save(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def raw(
        self,
        *args: str,
        cwd: Path | None = None,
        stdin: bytes = b"",
        env: Mapping[str, str] | None = None,
        prefix: Sequence[str] = (),
        timeout: float = 300,
    ) -> subprocess.CompletedProcess[bytes]:
        """In `cwd`, the front-end folder by default. `prefix`: what makes us another user."""
        environ = {**self.lab.environ, **(env or {})}
        # Who becomes another user may start in another folder, and with an empty environment.
        there = ["env", "-C", str(cwd or self.folder), *(f"{name}={value}" for name, value in environ.items())]
        return subprocess.run(
            [*prefix, *(there if prefix else []), str(DFDEV), *args],
            input=stdin,
            cwd=cwd or self.folder,
            env=environ,
            capture_output=True,
            timeout=timeout,
            check=False,
        )

    def run(
        self,
        *args: str,
        cwd: Path | None = None,
        stdin: str = "",
        env: Mapping[str, str] | None = None,
        prefix: Sequence[str] = (),
        timeout: float = 300,
    ) -> Done:
        done = self.raw(*args, cwd=cwd, stdin=stdin.encode(), env=env, prefix=prefix, timeout=timeout)
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode())

    def sh(self, script: str, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> str:
        """What a shell in the container says, as the developer."""
        return self.run("frontend", "shell", cwd=cwd, stdin=script, env=env).ok().out

    def start(self, *args: str, env: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
        """Under way, without a terminal and without an input."""
        return subprocess.Popen(
            [str(DFDEV), *args],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=self.folder,
            env={**self.lab.environ, **(env or {})},
        )

    def terminal(self, *args: str, size: tuple[int, int] = (100, 40), cwd: Path | None = None) -> pexpect.spawn:
        """In a pty of so many columns and rows, colours welcome."""
        environ = {**self.lab.environ, "TERM": "xterm-256color"}
        del environ["NO_COLOR"]
        return pexpect.spawn(
            str(DFDEV),
            list(args),
            env=environ,
            cwd=str(cwd or self.folder),
            timeout=30,
            encoding="utf-8",
            dimensions=(size[1], size[0]),
        )

    def inside(self, *argv: str, check: bool = True) -> str:
        """In the container, by the docker CLI as root: a look that does not go through dfdev."""
        return self.lab.docker("exec", "-u", "0", self.container, *argv, check=check)

    def processes(self, word: str) -> list[str]:
        """Command lines in the container that have the word in them."""
        listed = self.inside("sh", "-c", "for f in /proc/[0-9]*/cmdline; do tr '\\0' ' ' <$f; echo; done 2>/dev/null")
        return [line for line in listed.splitlines() if word in line and "/proc/[0-9]*" not in line]

    def volumes(self, kind: str) -> list[str]:
        """Names of the volumes of modules, components or cache."""
        found = self.lab.docker("volume", "ls", "-q", "--filter", f"name={self.lab.name}-frontend-{kind}")
        return sorted(found.split())

    def clean(self) -> None:
        """The volumes are the engine's own, and the image is the workspace's."""
        self.lab.clean()
        left = self.volumes("")
        if left:
            self.lab.docker("volume", "rm", "-f", *left, check=False)
        images = self.lab.docker("images", "-q", f"dfdev-frontend/{self.lab.name}", check=False).split()
        if images:
            self.lab.docker("rmi", "-f", *images, check=False)
