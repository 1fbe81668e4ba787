"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Host:
    """`memory`: GB, rounded; the last four are versions."""

    date: str
    cpu: str
    cores: int
    memory: int
    system: str
    kernel: str
    python: str
    engine: str
    compose: str
    dfdev: str


def describe(engine: str, compose: str, dfdev: str) -> Host:
    return Host(
        date=time.strftime("%Y-%m-%d", time.gmtime()),
        cpu=cpu_name(_lines("/proc/cpuinfo")) or platform.processor() or platform.machine(),
        cores=os.cpu_count() or 1,
        memory=round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9),
        system=system_name(_lines("/etc/os-release")) or platform.system(),
        kernel=platform.release(),
        python=platform.python_version(),
        engine=engine,
        compose=compose,
        dfdev=dfdev,
    )


def cpu_name(cpuinfo: Iterable[str]) -> str:
    """The first processor's model, with what tells apart the generations that share a name ("AMD EPYC")."""
    fields: dict[str, str] = {}
    for line in cpuinfo:
        key, _, value = line.partition(":")
        fields.setdefault(key.strip(), value.strip())
    name = fields.get("model name", "")
    numbers = [f"{key.removeprefix('cpu ')} {fields[key]}" for key in ("cpu family", "model") if key in fields]
    return f"{name} ({', '.join(numbers)})" if name and numbers and not any(c.isdigit() for c in name) else name


def system_name(os_release: Iterable[str]) -> str:
    pairs = (line.partition("=") for line in os_release)
    return next((value.strip().strip('"') for key, _, value in pairs if key == "PRETTY_NAME"), "")


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text().splitlines()
    except OSError:
        return []
