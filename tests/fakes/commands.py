"""The commands of other products, scripted: the same contract as HostCommands (tests/contract/test_commands.py)."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from dfdev.system.commands import CommandLate, CommandMissing, Ran


@dataclass(frozen=True)
class Call:
    """`env` is the command's whole environment."""

    argv: tuple[str, ...]
    stdin: str
    env: Mapping[str, str] = field(repr=False)

    @property
    def line(self) -> str:
        return shlex.join(self.argv)


Reply = Callable[[Call], Ran]


class FakeCommands:
    """A program is there when one of its command lines is scripted; `calls` is what was run."""

    def __init__(self, environ: Mapping[str, str] | None = None) -> None:
        self._environ = {"HOME": "/Users/me", "PATH": "/usr/bin"} if environ is None else dict(environ)
        self._replies: dict[tuple[str, ...], Reply] = {}
        self._paths: dict[str, str] = {}
        self.calls: list[Call] = []

    @property
    def environ(self) -> Mapping[str, str]:
        return self._environ

    def on(self, line: str | Sequence[str], out: str = "", err: str = "", code: int = 0) -> FakeCommands:
        """What command lines that begin with these words do; the longest beginning wins."""
        return self.reply(line, lambda call: Ran(call.argv, code, out, err))

    def reply(self, line: str | Sequence[str], reply: Reply) -> FakeCommands:
        self._replies[tuple(shlex.split(line) if isinstance(line, str) else line)] = reply
        return self

    def late(self, line: str | Sequence[str]) -> FakeCommands:
        """It never ends."""
        return self.reply(line, _never)

    def at(self, program: str, path: str) -> FakeCommands:
        """Where the program is, for those that look next to it."""
        self._paths[program] = path
        return self

    def which(self, program: str) -> str | None:
        there = any(words[0] == program for words in self._replies)
        return self._paths.get(program, f"/fake/bin/{program}" if there else None)

    def run(
        self,
        argv: Sequence[str],
        *,
        timeout: float,
        stdin: str = "",
        env: Mapping[str, str] | None = None,
        on_line: Callable[[str], None] | None = None,
    ) -> Ran:
        if self.which(argv[0]) is None:
            raise CommandMissing(f"there is no command {argv[0]} here", f"install it, or put it into PATH: {argv[0]}")
        call = Call(tuple(argv), stdin, {**self._environ, **(env or {})})
        self.calls.append(call)
        try:
            ran = self._reply(call)(call)
        except CommandLate as error:
            raise CommandLate(f"`{call.line}` did not end within {timeout:g} s", error.hint) from None
        if on_line is not None:
            _tell(ran, on_line)
        return replace(ran, argv=tuple(argv))

    def _reply(self, call: Call) -> Reply:
        fitting = [words for words in self._replies if call.argv[: len(words)] == words]
        assert fitting, f"nothing is scripted for `{call.line}`"
        return self._replies[max(fitting, key=len)]

    @property
    def lines(self) -> list[str]:
        """The command lines that were run, in order."""
        return [call.line for call in self.calls]


def _tell(ran: Ran, on_line: Callable[[str], None]) -> None:
    for line in (ran.out + ran.err).splitlines():
        if line.strip():
            on_line(line.rstrip())


def _never(call: Call) -> Ran:
    raise CommandLate("", "run it by hand to see what it waits for")
