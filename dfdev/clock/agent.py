"""The background agent that keeps a machine's clock right: which files, and which commands load them. Pure.

launchd (macOS): launchd.plist(5); a calendar job that was missed in sleep runs once at the wake, so that nothing has to
stay. systemd (Linux): systemd.timer(5); the user manager knows no sleep, hence once a minute (systemd#4463). Either
runs `dfdev clock sync --if-running --if-slept`, which never starts a machine and ends at once when nothing happened.
"""

from __future__ import annotations

import plistlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

LABEL = "dev.dfdev.clock"
UNIT = "dfdev-clock"
KEPT = (
    "PATH", "DFHOME", "DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CONFIG", "DOCKER_CERT_PATH", "DOCKER_TLS_VERIFY",
    "DOCKER_MACHINE_NAME", "COLIMA_HOME", "LIMA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME",
)  # fmt: skip
"""Variables of the installing shell that decide which engine it is, and where its tools are."""


@dataclass(frozen=True)
class Agent:
    """`command`: absolute words of dfdev. `home`: of the user; `config`: where systemd looks for the user's units."""

    command: tuple[str, ...]
    environ: Mapping[str, str]
    home: Path
    config: Path
    uid: int

    @property
    def log(self) -> Path:
        return self.home / "Library" / "Logs" / "dfdev-clock.log"

    def words(self, log: bool) -> list[str]:
        """What it runs."""
        sync = ["clock", "sync", "--quiet", "--no-input", "--if-running", "--if-slept"]
        return [*self.command, *sync, *(["--log", str(self.log)] if log else [])]

    @property
    def kept(self) -> dict[str, str]:
        return {name: self.environ[name] for name in KEPT if self.environ.get(name)}


@dataclass(frozen=True)
class Manager:
    """What runs agents here. `files`: path -> content; `load`, `unload`: its commands; `ask` exits 0 when loaded."""

    kind: str
    files: Mapping[Path, str]
    load: Sequence[Sequence[str]]
    unload: Sequence[Sequence[str]]
    ask: Sequence[str]


def launchd(agent: Agent) -> Manager:
    """Booted out first, because launchd refuses to load what is loaded."""
    path = agent.home / "Library" / "LaunchAgents" / f"{LABEL}.plist"
    domain = f"gui/{agent.uid}"
    return Manager(
        "launchd",
        {path: _plist(agent)},
        load=[["launchctl", "bootstrap", domain, str(path)]],
        unload=[["launchctl", "bootout", f"{domain}/{LABEL}"]],
        ask=["launchctl", "print", f"{domain}/{LABEL}"],
    )


def systemd(agent: Agent) -> Manager:
    folder, timer = agent.config / "systemd" / "user", f"{UNIT}.timer"
    return Manager(
        "systemd",
        {folder / f"{UNIT}.service": _service(agent), folder / timer: _TIMER},
        load=[["systemctl", "--user", "daemon-reload"], ["systemctl", "--user", "enable", "--now", timer]],
        unload=[["systemctl", "--user", "disable", "--now", timer]],
        ask=["systemctl", "--user", "is-active", "--quiet", timer],
    )


def _plist(agent: Agent) -> str:
    """An empty StartCalendarInterval means each minute."""
    job = {
        "Label": LABEL,
        "ProgramArguments": agent.words(log=True),
        "StartCalendarInterval": {},
        "RunAtLoad": True,
        "ProcessType": "Background",
        "LowPriorityIO": True,
        "ThrottleInterval": 10,
        "EnvironmentVariables": agent.kept,
    }
    return plistlib.dumps(job, sort_keys=False).decode()


_TIMER = f"""[Unit]
Description=Keeps the clock of the Docker machine right, after a sleep above all

[Timer]
OnBootSec=1min
OnUnitActiveSec=1min
AccuracySec=10s
Unit={UNIT}.service

[Install]
WantedBy=timers.target
"""


def _service(agent: Agent) -> str:
    """Its messages go to the journal, which rotates itself."""
    lines = "".join(f"Environment={_quoted(f'{name}={text}')}\n" for name, text in agent.kept.items())
    start = " ".join(_quoted(word, command=True) for word in agent.words(log=False))
    return f"""[Unit]
Description=Sets the clock of the Docker machine where it is off

[Service]
Type=oneshot
{lines}ExecStart={start}
TimeoutStartSec=60
"""


def _quoted(text: str, *, command: bool = False) -> str:
    """systemd.syntax(7): C escapes in double quotes, `%` doubled; `$` doubled on command lines (systemd.service(5))."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("%", "%%")
    return f'"{escaped.replace("$", "$$") if command else escaped}"'
