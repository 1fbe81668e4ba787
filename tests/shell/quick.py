"""quickstart.sh run as a user would, with a home folder and a PATH of the test's own."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_LEFT_OUT = shutil.ignore_patterns(".git", ".*_cache", ".venv", ".hypothesis", "__pycache__", "node_modules")


def copy_checkout(folder: Path) -> Path:
    """What users run, without what a developer's work leaves."""
    shutil.copytree(ROOT, folder, ignore=_LEFT_OUT)
    return folder


@dataclass(frozen=True)
class Laptop:
    """A home folder, commands in front of the system's, and variables."""

    folder: Path
    environ: Mapping[str, str] = field(default_factory=dict)
    user: int | None = None
    group: int | None = None
    prefix: tuple[str, ...] = ()
    checkout: Path = ROOT

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def bin(self) -> Path:
        return self.folder / "bin"

    def command(self, name: str, script: str) -> None:
        """An executable of our own on the PATH, before the system's."""
        self.bin.mkdir(parents=True, exist_ok=True)
        path = self.bin / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def context(self, name: str, socket: Path) -> None:
        """A docker context, made the current one."""
        config = self.home / ".docker"
        meta = config / "contexts" / "meta" / hashlib.sha256(name.encode()).hexdigest()
        meta.mkdir(parents=True)
        endpoint = {"docker": {"Host": f"unix://{socket}", "SkipTLSVerify": False}}
        (meta / "meta.json").write_text(json.dumps({"Name": name, "Metadata": {}, "Endpoints": endpoint}))
        (config / "config.json").write_text(json.dumps({"currentContext": name}))

    def quickstart(self, *args: str, timeout: float = 300) -> subprocess.CompletedProcess[str]:
        return self.run("sh", str(self.checkout / "shell" / "quickstart.sh"), *args, timeout=timeout)

    def run(self, *argv: str, timeout: float = 300) -> subprocess.CompletedProcess[str]:
        self.home.mkdir(parents=True, exist_ok=True)
        if self.user is not None and self.group is not None:
            os.chown(self.home, self.user, self.group)
        return subprocess.run(
            [*self.prefix, *argv],
            env=self.variables(),
            cwd=self.folder,
            user=self.user,
            group=self.group,
            extra_groups=[0] if self.user else None,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    def variables(self) -> dict[str, str]:
        leaky = ("DOCKER_", "DFDEV_", "DFHOME", "XDG_", "VIRTUAL_ENV", "PYENV_", "PYTHON")
        kept = {k: v for k, v in os.environ.items() if not k.startswith(leaky)}
        system = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        return {**kept, "HOME": str(self.home), "PATH": f"{self.bin}:{system}", "NO_COLOR": "1", **self.environ}
