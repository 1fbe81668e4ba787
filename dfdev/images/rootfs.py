"""The bottom layer: Debian from Docker Hub where the engine reaches it, else made here by mmdebstrap."""

from __future__ import annotations

import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping
from pathlib import Path

from dfdev.core.frozen import dataclass
from dfdev.engine.protocol import Engine, OnLine
from dfdev.errors import DfdevError, EngineError
from dfdev.images.catalog import Base
from dfdev.system.programs import find

HUB_SECONDS = 10.0
"""How long the Hub may be silent. A network that drops packets answers nothing for minutes."""
_MAKE_HINT = "set DFDEV_APT_MIRROR to a mirror that answers; without root it also needs: sudo apt-get install uidmap"
_MAKE_SECONDS = 900.0


@dataclass(frozen=True)
class Report:
    """Who hears what happens: `line` each line of a tool or the engine, `notice` what a person should know."""

    line: OnLine
    notice: OnLine


def obtain(
    engine: Engine,
    base: Base,
    sources: list[str],
    environ: Mapping[str, str],
    report: Report,
    hub_seconds: float = HUB_SECONDS,
) -> str:
    """The reference of an image with Debian's root file system. DfdevError when there is no way to get one."""
    for ref in (base.upstream, base.rootfs):
        if engine.image_id(ref):
            return ref
    refusal = try_pull(engine, base.upstream, report.line, hub_seconds)
    if not refusal:
        return base.upstream
    if not find("mmdebstrap", environ):
        raise DfdevError(
            f"cannot pull {base.upstream} ({refusal}), and there is no mmdebstrap to make it with",
            "sudo apt-get install --no-install-recommends mmdebstrap uidmap, then again; or connect to Docker Hub",
        )
    report.notice(f"{base.upstream} cannot be pulled, so mmdebstrap makes Debian {base.suite} ({refusal})")
    _make(engine, base, sources, environ, report)
    return base.rootfs


def try_pull(engine: Engine, ref: str, on_line: OnLine, silence: float) -> str:
    """Why it could not be pulled, "" when it was. After `silence` seconds without a word the call is left to itself."""
    heard = time.monotonic()
    outcome: list[str] = []

    def listen(line: str) -> None:
        nonlocal heard
        heard = time.monotonic()
        on_line(line)

    def pull() -> None:
        try:
            engine.pull(ref, listen)
            outcome.append("")
        except EngineError as error:
            outcome.append(error.message)

    thread = threading.Thread(target=pull, daemon=True)
    thread.start()
    while thread.is_alive() and time.monotonic() - heard < silence:
        thread.join(0.2)
    return outcome[0] if outcome else f"no answer for {silence:.0f} s"


def _make(engine: Engine, base: Base, sources: list[str], environ: Mapping[str, str], report: Report) -> None:
    with tempfile.TemporaryDirectory(prefix="dfdev-rootfs-") as folder:
        tar = Path(folder) / "rootfs.tar"
        last = _run(mmdebstrap(base.suite, tar, sources), environ, report.line)
        if last and os.geteuid() and find("sudo", environ):
            report.notice("mmdebstrap failed as an ordinary user: once more with sudo")
            last = _run(["sudo", "-n", "-E", *mmdebstrap(base.suite, tar, sources)], environ, report.line)
        if last:
            raise DfdevError(
                f"mmdebstrap could not make Debian {base.suite}",
                _MAKE_HINT,
                details=tuple(last),
            )
        engine.import_image(tar, base.rootfs)


def mmdebstrap(suite: str, tar: Path, sources: list[str]) -> list[str]:
    """Its argv: the essential packages and apt, no documentation. sid's Release expires in days, and mirrors lag."""
    argv = ["mmdebstrap", "--variant=minbase", "--dpkgopt=path-exclude=/usr/share/doc/*"]
    argv += ["--dpkgopt=path-exclude=/usr/share/locale/*", "--dpkgopt=path-exclude=/usr/share/man/*"]
    if suite == "sid":
        argv.append('--aptopt=Acquire::Check-Valid-Until "false"')
    return [*argv, suite, str(tar), *sources]


def _run(argv: list[str], environ: Mapping[str, str], on_line: OnLine) -> list[str]:
    """[] when it worked, else the last lines that it said."""
    with subprocess.Popen(
        argv,
        env=dict(environ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        guard = threading.Timer(_MAKE_SECONDS, process.kill)
        guard.start()
        lines: list[str] = []
        for line in process.stdout or ():
            lines.append(line.rstrip())
            on_line(lines[-1])
        guard.cancel()
    if process.returncode == 0:
        return []
    return lines[-8:] or [f"{argv[0]} ended with {process.returncode} and said nothing"]
