"""Running the commands of other products: every one has a deadline, and dies with its children when it misses it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from dfdev.core.frozen import dataclass
from dfdev.errors import MachineError
from dfdev.system.programs import find


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


class Hurried:
    """Commands that have so many seconds in all, however long each may take otherwise: half a second at least."""

    def __init__(self, commands: Commands, seconds: float) -> None:
        self._commands = commands
        self._end = time.monotonic() + seconds

    @property
    def environ(self) -> Mapping[str, str]:
        return self._commands.environ

    def which(self, program: str) -> str | None:
        return self._commands.which(program)

    def run(
        self,
        argv: Sequence[str],
        *,
        timeout: float,
        stdin: str = "",
        env: Mapping[str, str] | None = None,
        on_line: Callable[[str], None] | None = None,
    ) -> Ran:
        left = max(0.5, round(self._end - time.monotonic(), 1))
        return self._commands.run(argv, timeout=min(timeout, left), stdin=stdin, env=env, on_line=on_line)


class HostCommands:
    """By subprocess, which is imported when there is something to run: most commands run nothing."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    @property
    def environ(self) -> Mapping[str, str]:
        return self._environ

    def which(self, program: str) -> str | None:
        return find(program, self._environ)

    def run(
        self,
        argv: Sequence[str],
        *,
        timeout: float,
        stdin: str = "",
        env: Mapping[str, str] | None = None,
        on_line: Callable[[str], None] | None = None,
    ) -> Ran:
        program = self.which(argv[0])
        if program is None:
            raise CommandMissing(f"there is no command {argv[0]} here", f"install it, or put it into PATH: {argv[0]}")
        from dfdev.system.child import run_child

        environ = {**self._environ, **(env or {})}
        return run_child(program, argv, environ, timeout=timeout, stdin=stdin, on_line=on_line)
