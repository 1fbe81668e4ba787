"""The background agent that keeps a machine's clock right: which files, and which commands load them. Pure.

launchd (macOS): launchd.plist(5); a calendar job that was missed in sleep runs once at the wake, so that nothing has to
stay. systemd (Linux): systemd.timer(5); the user manager knows no sleep (systemd#4463), hence once a minute, and when
the clock jumps against the monotonic one, as it does over a sleep (OnClockChange, systemd 242 and later). Either runs
`dfdev clock sync --if-running --if-slept`, which never starts a machine and ends at once when nothing happened.
"""

from __future__ import annotations

import plistlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from dfdev.core.frozen import dataclass

LABEL = "dev.dfdev.clock"
UNIT = "dfdev-clock"
KEPT = (
    "PATH", "DFHOME", "DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CONFIG", "DOCKER_CERT_PATH", "DOCKER_TLS_VERIFY",
    "DOCKER_MACHINE_NAME", "MACHINE_STORAGE_PATH", "BOOT2DOCKER_DIR", "BOOT2DOCKER_PROFILE", "COLIMA_HOME", "LIMA_HOME",
    "XDG_CONFIG_HOME", "XDG_STATE_HOME",
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
    """What runs agents here. `files`: path -> content; `load`, `unload`: its commands; `ask` exits 0 when loaded.

    `forget`: commands for when its files are gone; `traces`: other paths that go with them. `patience`: seconds for
    which loading is tried again after unloading.
    """

    kind: str
    files: Mapping[Path, str]
    load: Sequence[Sequence[str]]
    unload: Sequence[Sequence[str]]
    ask: Sequence[str]
    forget: Sequence[Sequence[str]] = ()
    traces: Sequence[Path] = ()
    patience: float = 0.0


def launchd(agent: Agent) -> Manager:
    """Booted out first, because launchd refuses to load what is loaded; and for some seconds after that too: "Bootstrap
    failed: 5: Input/output error" for about five (headroom#1289, openclaw#136453).
    """
    path = agent.home / "Library" / "LaunchAgents" / f"{LABEL}.plist"
    domain = f"gui/{agent.uid}"
    return Manager(
        "launchd",
        {path: _plist(agent)},
        load=[["launchctl", "bootstrap", domain, str(path)]],
        unload=[["launchctl", "bootout", f"{domain}/{LABEL}"]],
        ask=["launchctl", "print", f"{domain}/{LABEL}"],
        patience=15.0,
    )


def systemd(agent: Agent) -> Manager:
    folder, timer = agent.config / "systemd" / "user", f"{UNIT}.timer"
    return Manager(
        "systemd",
        {folder / f"{UNIT}.service": _service(agent), folder / timer: _TIMER},
        load=[["systemctl", "--user", "daemon-reload"], ["systemctl", "--user", "enable", "--now", timer]],
        unload=[["systemctl", "--user", "disable", "--now", timer]],
        ask=["systemctl", "--user", "is-active", "--quiet", timer],
        forget=[["systemctl", "--user", "daemon-reload"]],
        traces=[folder / "timers.target.wants" / timer],
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
OnClockChange=true
Unit={UNIT}.service

[Install]
WantedBy=timers.target
"""


def _service(agent: Agent) -> str:
    """Its messages go to the journal, which rotates itself."""
    lines = "".join(f"Environment={_quoted(f'{name}={text}')}\n" for name, text in agent.kept.items())
    start = _command(agent.words(log=False))
    return f"""[Unit]
Description=Sets the clock of the Docker machine where it is off

[Service]
Type=oneshot
{lines}ExecStart={start}
TimeoutStartSec=60
"""


def _command(words: Sequence[str]) -> str:
    """systemd 252 takes `$` in the path of a program as it is, and refuses quotes and backslashes there: `Executable
    name contains special characters` (systemd-analyze verify). Such a path goes through a shell, as an argument.
    """
    odd = any(char in "$\"'\\" for char in words[0])
    head = ["/bin/sh", "-c", 'exec "$0" "$@"'] if odd else []
    return " ".join(_quoted(word, command=True) for word in [*head, *words])


def _quoted(text: str, *, command: bool = False) -> str:
    """systemd.syntax(7): C escapes in double quotes, `%` doubled; `$` doubled on command lines (systemd.service(5))."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("%", "%%")
    return f'"{escaped.replace("$", "$$") if command else escaped}"'
