"""A shell in another machine, kept open: one line of login, many questions, each with a deadline.

Its stdin and stdout are pipes, so that nothing is echoed and `ssh` asks for no terminal on the other side; its
controlling terminal is a pty of ours, so that what `ssh` wants to ask a person (a host key, a password) reaches us.
"""

from __future__ import annotations

import contextlib
import os
import re
import select
import shlex
import shutil
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple, Protocol

from dfdev.errors import MachineError
from dfdev.system.commands import CommandLate, CommandMissing
from dfdev.system.programs import find

if TYPE_CHECKING:
    import pexpect

Answers = Sequence[tuple[str, str]]
"""Pattern of a prompt -> what to type, each at most once."""

_PROMPT = re.compile(r"(\(yes/no[^)]*\)\?|[Pp]assword[^:\n]*:|[Pp]assphrase[^:\n]*:|\[y/n\]:?)\s*$")
_MARK = "dfdev-answer-"
_PIECE = 1 << 16
_WRAPPER = '"$@" <"$0/in" >"$0/out" 2>&1; exit $?'
"""A shell stays on the pty: with nobody on it, reading it would be an error."""


class Reply(NamedTuple):
    """`asked`, `answered`: this host's clock in ns before the question went out and after its answer was there."""

    code: int
    out: str
    asked: int
    answered: int
    took: int


class Shell(Protocol):
    """An open shell. A context manager: leaving it ends the shell."""

    def ask(self, script: str, *, timeout: float) -> Reply:
        """Run the lines of a POSIX script; stdout and stderr are one text. CommandLate; MachineError: it ended."""

    def __enter__(self) -> Shell: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class Dialogue:
    """A command whose stdin is a shell's script (`ssh HOST sudo sh -s`). Used by one thread at a time."""

    def __init__(self, argv: Sequence[str], environ: Mapping[str, str], answers: Answers = ()) -> None:
        self._argv = list(argv)
        self._answers = list(answers)
        self._terminal = ""
        self._output = b""
        self._unsent = b""
        program = _found(self._argv[0], environ)
        self._folder = tempfile.mkdtemp(prefix=f"dfdev-shell-{os.getpid()}-")
        self._child, self._in, self._out = _spawn([program, *self._argv[1:]], environ, Path(self._folder))

    def __enter__(self) -> Dialogue:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for fd in (self._in, self._out):
            os.close(fd)
        with contextlib.suppress(Exception):
            self._child.close(force=True)
        self._forget_pipes()

    def ask(self, script: str, *, timeout: float) -> Reply:
        mark = f"{_MARK}{os.urandom(6).hex()}"
        text = f"echo {mark}; {{ :\n{script.strip()}\n}} 2>&1 </dev/null; echo {mark} $?\n"
        asked, began = time.time_ns(), time.perf_counter_ns()
        self._unsent += text.encode()
        out, code = self._until(mark.encode(), time.monotonic() + timeout, timeout)
        return Reply(code, out, asked, time.time_ns(), time.perf_counter_ns() - began)

    def _until(self, mark: bytes, end: float, seconds: float) -> tuple[str, int]:
        found = re.compile(re.escape(mark) + rb"\n(?P<out>.*?)" + re.escape(mark) + rb" (?P<code>\d+)\n", re.DOTALL)
        while not (match := found.search(self._output)):
            left = end - time.monotonic()
            if left <= 0:
                raise CommandLate(
                    f"`{self._title}` did not answer within {seconds:g} s{self._last_words()}",
                    "run it by hand to see what it waits for",
                )
            self._wait(min(left, 0.5))
        self._output = self._output[match.end() :]
        self._forget_pipes()
        return match["out"].decode("utf-8", "replace"), int(match["code"])

    def _forget_pipes(self) -> None:
        """Both ends have them open once an answer came, and then nothing is left when this process is killed."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _wait(self, seconds: float) -> None:
        """Until something came on either side, or more could be sent. MachineError when nothing will come any more."""
        terminal = self._child.child_fd
        ready, free, _ = select.select([self._out, terminal], [self._in] if self._unsent else [], [], seconds)
        if free:
            self._send()
        if self._out in ready:
            self._output += os.read(self._out, _PIECE)
        if terminal in ready:
            self._hear(terminal)
        if not ready and not free and not self._child.isalive():
            raise self._ended()

    def _send(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self._unsent = self._unsent[os.write(self._in, self._unsent) :]

    def _hear(self, terminal: int) -> None:
        try:
            self._terminal += os.read(terminal, _PIECE).decode("utf-8", "replace")
        except OSError:
            raise self._ended() from None
        prompt = _PROMPT.search(self._terminal)
        if prompt:
            self._answer(prompt[1])

    def _answer(self, prompt: str) -> None:
        for index, (pattern, text) in enumerate(self._answers):
            if re.search(pattern, prompt):
                del self._answers[index]
                self._terminal = ""
                self._child.sendline(text)
                return
        line = self._terminal.strip().splitlines()[-1].strip()
        raise MachineError(
            f"`{self._title}` asks a person: {line}",
            f"run `{self._title}` by hand once and answer it, then try again",
        )

    def _ended(self) -> MachineError:
        with contextlib.suppress(OSError):
            self._output += os.read(self._out, _PIECE)
        return MachineError(f"`{self._title}` ended{self._last_words()}", "run it by hand to see why")

    def _last_words(self) -> str:
        lines = (self._terminal + "\n" + self._output.decode("utf-8", "replace")).splitlines()
        said = [line.strip() for line in lines if line.strip() and not line.startswith(_MARK)]
        return f": {said[-1]}" if said else ""

    @property
    def _title(self) -> str:
        return shlex.join(self._argv)


def _found(program: str, environ: Mapping[str, str]) -> str:
    """CommandMissing."""
    path = find(program, environ)
    if path is None:
        raise CommandMissing(f"there is no command {program} here", f"install it, or put it into PATH: {program}")
    return path


def _spawn(argv: Sequence[str], environ: Mapping[str, str], folder: Path) -> tuple[pexpect.spawn, int, int]:
    """The child, the pipe to its stdin and the one from its stdout."""
    import pexpect

    pipes = [folder / "in", folder / "out"]
    for pipe in pipes:
        os.mkfifo(pipe, 0o600)
    # Opened for both directions, so that neither end waits for the other to come.
    ours = [os.open(pipe, os.O_RDWR) for pipe in pipes]
    for pipe_end in ours:
        os.set_blocking(pipe_end, False)
    child = pexpect.spawn(
        "/bin/sh",
        ["-c", _WRAPPER, str(folder), *argv],
        env=dict(environ),
        echo=False,
        timeout=None,
        encoding="utf-8",
        codec_errors="replace",
    )
    return child, ours[0], ours[1]
