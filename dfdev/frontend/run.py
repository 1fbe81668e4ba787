"""One tool in the front end's container, as if it were local: its folder, its user, its terminal, its exit code."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from pathlib import Path
from typing import TextIO

from dfdev.core.desired import Mount
from dfdev.core.frozen import dataclass
from dfdev.core.typed import typed
from dfdev.core.visible import visible
from dfdev.engine.protocol import Engine, Session
from dfdev.errors import DfdevError
from dfdev.frontend.asking import ENVIRONMENT, SIZE, use_pty
from dfdev.frontend.folder import file_in, inside
from dfdev.frontend.needs import Need, need_of
from dfdev.frontend.reaper import RUN, kill_run, lifeline, new_run
from dfdev.frontend.relay import relay
from dfdev.frontend.spec import SCRIPT, TOOLS, Front
from dfdev.frontend.symptoms import Symptoms
from dfdev.frontend.tools import Tools
from dfdev.stack.proof import Target, must_hold, prove
from dfdev.system.terminal import Terminal, terminal_of

_PATIENCE = 10.0
_SAVE = "--save-resolutions"
UNPROVEN, BARE = 97, 96
"""The script's words for: this is not the folder that the host has; a file of one's own could be read here."""
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
    save_resolutions: bool = False
    """What bower chooses between is written to bower.json: an option of dfdev's, which bower does not know."""

    def script(self) -> list[str]:
        return ["sh", SCRIPT, "run", self.need, *self.argv]


@dataclass(frozen=True)
class Streams:
    """The caller's. `stdin`: its descriptor; `fit`: what a message of ours goes through, without secrets."""

    stdin: int
    stdout: TextIO
    stderr: TextIO
    fit: Callable[[str], str] = visible


def command_of(front: Front, argv: Sequence[str], folder: Path, environ: Mapping[str, str]) -> Command:
    """UsageError: the folder is outside DFHOME."""
    there = inside(Path(front.home), folder)
    within = there == front.project.inside or there.startswith(f"{front.project.inside}/")
    need = need_of(argv[0], argv[1:]) if within and (front.project.modules or front.project.components) else "plain"
    saves = argv[0] == "bower" and _SAVE in argv
    words = tuple(word for word in argv if not (saves and word == _SAVE))
    env = {name: environ[name] for name in _PASSED_ON if name in environ}
    return Command(words, need, there, env, saves)


def run(
    engine: Engine, tools: Tools, command: Command, proof: str, streams: Streams, answers: Mapping[str, str]
) -> int:
    """Its exit code. `proof`: a file that was just made in the front-end folder, "" for none; `answers`: those of
    `[frontend.answers]`. EngineError; DfdevError: the tool asked what nobody here can answer.
    """
    key, symptoms = new_run(), Symptoms()
    terminal = terminal_of(streams.stdin, streams.stdout.fileno())
    asks = terminal is None and use_pty(command.argv[0], command.argv[1:], streams.stdin)
    env = {**command.env, RUN: key, **({"DFDEV_PROOF": proof} if proof else {}), **(ENVIRONMENT if asks else {})}
    size = terminal.size() if terminal else SIZE if asks else None

    def killed(number: int) -> None:
        kill_run(engine, tools.id, key, number, user=tools.user)

    opened = engine.session(tools.id, command.script(), tty=size, cwd=command.folder, env=env, user=tools.user)
    with opened as session, lifeline(engine, tools.id, key, user=tools.user):
        if asks:
            code = _answered(session, command, streams, answers, killed, symptoms.feed)
        else:
            code = _relayed(session, terminal, streams, killed, symptoms.feed)
    for hint in symptoms.hints if code else ():
        streams.stderr.write(f"try: {streams.fit(hint)}\n")
    return code


def _relayed(
    session: Session,
    terminal: Terminal | None,
    streams: Streams,
    killed: Callable[[int], None],
    watch: Callable[[bytes], None],
) -> int:
    return relay(
        session,
        stdin=streams.stdin,
        stdout=streams.stdout.fileno(),
        stderr=streams.stderr.fileno(),
        terminal=terminal,
        on_interrupt=killed,
        watch=watch,
    )


def _answered(
    session: Session,
    command: Command,
    streams: Streams,
    answers: Mapping[str, str],
    killed: Callable[[int], None],
    watch: Callable[[bytes], None],
) -> int:
    """pexpect is imported only here."""
    from dfdev.frontend.answering import answering

    def tell(text: str) -> None:
        streams.stderr.write(f"{streams.fit(text)}\n")
        streams.stderr.flush()

    return answering(
        session,
        answers,
        stdout=streams.stdout.fileno(),
        tell=tell,
        on_interrupt=killed,
        watch=watch,
        save_resolutions=command.save_resolutions,
    )


def must_hold_inside(engine: Engine, tools: Tools, front: Front, code: int) -> None:
    """After a word of the script's. DfdevError: it was one. (Else it was the tool's own number.)"""
    if code == UNPROVEN:
        _must_be_mounted(engine, tools, front)
    if code == BARE:
        must_be_hidden(engine, tools.id, f"`{typed('docker rm -f', front.name)}`, and the next command makes it anew")


def must_be_hidden(engine: Engine, container: str, hint: str) -> None:
    """DfdevError: a script in a container of the front end could read what is one's own."""
    if engine.exec(container, ["sh", SCRIPT, "hidden"], timeout=_PATIENCE).exit_code == BARE:
        raise DfdevError(
            "a file of your own could be read in the front end's container, so nothing was run there",
            hint,
        )


def _must_be_mounted(engine: Engine, tools: Tools, front: Front) -> None:
    folder, there = front.project.folder, front.project.inside
    with file_in(folder) as proof:
        seen = engine.exec(tools.id, ["test", "-e", f"{there}/{proof}"], timeout=_PATIENCE)
    if seen.exit_code == 0:
        return
    # The engine reads files by the path of now, and so sees the new folder where the container has the old one.
    must_hold(prove(engine, [Target(TOOLS, tools.id, Mount(str(folder), there, "code"))]), front.home)
    raise DfdevError(
        f"another folder was put in the place of {folder} after the front-end container had started",
        f"`{typed('docker rm -f', front.name)}`, and the next command makes it anew",
    )
