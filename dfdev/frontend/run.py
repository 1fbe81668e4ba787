"""One tool in the front end's container, as if it were local: its folder, its user, its terminal, its exit code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from pathlib import Path
from typing import TextIO

from dfdev.core.desired import Mount
from dfdev.core.frozen import dataclass
from dfdev.engine.protocol import Engine
from dfdev.errors import DfdevError
from dfdev.frontend.folder import inside
from dfdev.frontend.needs import Need, need_of
from dfdev.frontend.reaper import RUN, kill_run, lifeline, new_run
from dfdev.frontend.relay import relay
from dfdev.frontend.spec import SCRIPT, TOOLS, Front
from dfdev.frontend.symptoms import Symptoms
from dfdev.frontend.tools import Tools
from dfdev.stack.proof import Target, must_hold, prove
from dfdev.system.terminal import terminal_of
from dfdev.workspace.project import INSIDE

UNPROVEN = 97
"""The script's word for: this is not the folder that the host has."""
_PASSED_ON = (
    "CI", "COLORTERM", "DEBUG", "FORCE_COLOR", "NODE_ENV", "NODE_OPTIONS", "NO_COLOR", "SOURCE_DATE_EPOCH", "TERM",
    "TZ",
)  # fmt: skip
"""Variables of the caller that its command gets too: those that tell of no path of this host."""


@dataclass(frozen=True)
class Command:
    """`argv` begins with the tool; `folder`: in the container; `env`: on top of the container's."""

    argv: tuple[str, ...]
    need: Need
    folder: str
    env: Mapping[str, str] = field(default_factory=dict)

    def script(self) -> list[str]:
        return ["sh", SCRIPT, "run", self.need, *self.argv]


@dataclass(frozen=True)
class Streams:
    """The caller's. `stdin`: its descriptor."""

    stdin: int
    stdout: TextIO
    stderr: TextIO


def command_of(front: Front, argv: Sequence[str], folder: Path, environ: Mapping[str, str]) -> Command:
    """UsageError: the folder is outside DFHOME."""
    there = inside(Path(front.home), folder)
    within = there == front.project.inside or there.startswith(f"{front.project.inside}/")
    need = need_of(argv[0], argv[1:]) if within and front.project.modules else "plain"
    return Command(tuple(argv), need, there, {name: environ[name] for name in _PASSED_ON if name in environ})


def run(engine: Engine, tools: Tools, command: Command, proof: str, streams: Streams) -> int:
    """Its exit code. `proof`: a file that was just made in DFHOME, "" for none. EngineError."""
    key = new_run()
    env = {**command.env, RUN: key, **({"DFDEV_PROOF": proof} if proof else {})}
    terminal = terminal_of(streams.stdin, streams.stdout.fileno())
    symptoms = Symptoms()
    opened = engine.session(
        tools.id,
        command.script(),
        tty=terminal.size() if terminal else None,
        cwd=command.folder,
        env=env,
        user=tools.user,
    )
    with opened as session, lifeline(engine, tools.id, key):
        code = relay(
            session,
            stdin=streams.stdin,
            stdout=streams.stdout.fileno(),
            stderr=streams.stderr.fileno(),
            terminal=terminal,
            on_interrupt=lambda number: kill_run(engine, tools.id, key, number),
            watch=symptoms.feed,
        )
    for hint in symptoms.hints if code else ():
        streams.stderr.write(f"try: {hint}\n")
    return code


def must_be_mounted(engine: Engine, tools: Tools, front: Front) -> None:
    """After the script's word. DfdevError: the container does not have DFHOME. (Else it was the tool's own number.)"""
    mount = Mount(front.home, INSIDE, "code")
    must_hold(prove(engine, [Target(TOOLS, tools.id, mount)]), front.home)
    if engine.exec(tools.id, ["test", "-e", f"{INSIDE}/dfdev.toml"], timeout=10.0).exit_code:
        raise DfdevError(
            f"another folder was put in the place of {front.home} after the front-end container had started",
            f"`docker rm -f {front.name}`, and the next command makes it anew",
        )
