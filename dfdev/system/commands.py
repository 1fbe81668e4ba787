"""Running the commands of other products: every one has a deadline, and dies with its children when it misses it."""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Protocol

from dfdev.errors import MachineError


@dataclass(frozen=True)
class Ran:
    """What a command left behind. `code` is negative for a signal, as in `subprocess`."""

    argv: tuple[str, ...]
    code: int
    out: str
    err: str = ""

    @property
    def ok(self) -> bool:
        return self.code == 0

    @property
    def said(self) -> str:
        """The last line of what it complained about, for messages."""
        lines = [line.strip() for line in (self.err or self.out).splitlines() if line.strip()]
        return lines[-1] if lines else f"exit code {self.code}"


class CommandMissing(MachineError):
    """There is no such command in PATH."""


class CommandLate(MachineError):
    """It did not end in time, and was killed."""


class Commands(Protocol):
    """The commands of this host, with the environment that they see."""

    @property
    def environ(self) -> Mapping[str, str]: ...

    def which(self, program: str) -> str | None:
        """Its path, None when there is none."""

    def run(
        self,
        argv: Sequence[str],
        *,
        timeout: float,
        stdin: str = "",
        env: Mapping[str, str] | None = None,
        on_line: Callable[[str], None] | None = None,
    ) -> Ran:
        """Run to the end; a failure is told by `code`. `env` goes over the environment.

        `on_line` is called with each line of stdout and stderr as it comes, from a thread of each; what it raises is
        raised here once the command has ended. CommandMissing, CommandLate.
        """


class HostCommands:
    """By subprocess. The child has no terminal and is the head of its own process group."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    @property
    def environ(self) -> Mapping[str, str]:
        return self._environ

    def which(self, program: str) -> str | None:
        return shutil.which(program, path=self._environ.get("PATH"))

    def run(
        self,
        argv: Sequence[str],
        *,
        timeout: float,
        stdin: str = "",
        env: Mapping[str, str] | None = None,
        on_line: Callable[[str], None] | None = None,
    ) -> Ran:
        process = self._started(argv, env)
        streams: list[_Reader] = []
        try:
            streams += (_Reader(process.stdout, on_line), _Reader(process.stderr, on_line))
            threading.Thread(target=_feed, args=(process, stdin), daemon=True).start()
            code = process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise CommandLate(
                f"`{shlex.join(argv)}` did not end within {timeout:g} s", "run it by hand to see what it waits for"
            ) from None
        finally:
            _end(process)
            texts = [stream.text() for stream in streams]
        for stream in streams:
            if stream.error is not None:
                raise stream.error
        return Ran(tuple(argv), code, *texts)

    def _started(self, argv: Sequence[str], env: Mapping[str, str] | None) -> subprocess.Popen[str]:
        found = self.which(argv[0])
        if found is None:
            raise CommandMissing(f"there is no command {argv[0]} here", f"install it, or put it into PATH: {argv[0]}")
        try:
            return subprocess.Popen(
                [found, *argv[1:]],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env={**self._environ, **(env or {})},
                start_new_session=True,
                encoding="utf-8",
                errors="replace",
            )
        except OSError as error:
            raise MachineError(f"cannot run {found}: {error.strerror}", f"`{found} --version` shows why") from error


class _Reader:
    """Drains a stream in a thread of its own, so that neither stream blocks the child."""

    def __init__(self, stream: IO[str] | None, on_line: Callable[[str], None] | None) -> None:
        assert stream is not None
        self._stream = stream
        self._on_line = on_line
        self._lines: list[str] = []
        self.error: Exception | None = None
        self._thread = threading.Thread(target=self._drain, daemon=True)
        self._thread.start()

    def text(self) -> str:
        """What came; a grandchild that keeps the stream open is waited for only while it writes."""
        seen = -1
        while self._thread.is_alive() and seen != len(self._lines):
            seen = len(self._lines)
            self._thread.join(0.5)
        return "".join(self._lines)

    def _drain(self) -> None:
        with contextlib.suppress(ValueError, OSError), self._stream:
            for line in self._stream:
                self._lines.append(line)
                if line.strip():
                    self._tell(line.rstrip())

    def _tell(self, line: str) -> None:
        """A listener that fails must not stop the draining, or the child would block on a full pipe."""
        if self._on_line is None or self.error is not None:
            return
        try:
            self._on_line(line)
        except Exception as error:
            self.error = error


def _feed(process: subprocess.Popen[str], text: str) -> None:
    assert process.stdin is not None
    with contextlib.suppress(OSError, ValueError):
        process.stdin.write(text)
    with contextlib.suppress(OSError, ValueError):
        process.stdin.close()


def _end(process: subprocess.Popen[str]) -> None:
    """Nothing of a command that is late stays behind; one that has ended may leave a daemon (a VM, say)."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
