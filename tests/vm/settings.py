"""What was decided when a VM was made and holds for its whole life; in a file, so that other processes know it too."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.vm.layout import Base, Run


@dataclass(frozen=True)
class Ports:
    """Of this host's 127.0.0.1: sshd, the engine without and with TLS."""

    ssh: int
    plain: int
    tls: int


@dataclass(frozen=True)
class Settings:
    base: Base
    ports: Ports
    share: Path


def save(run: Run, settings: Settings) -> None:
    base, ports = settings.base, asdict(settings.ports)
    texts = {"base": str(base.folder), "data": str(base.data), "share": str(settings.share)}
    run.settings.write_text(json.dumps({**texts, "ports": ports}))


def load(run: Run) -> Settings:
    """OSError: there is no such run."""
    found = json.loads(run.settings.read_text())
    base = Base(Path(found["base"]), Path(found["data"]))
    return Settings(base, Ports(**found["ports"]), Path(found["share"]))
