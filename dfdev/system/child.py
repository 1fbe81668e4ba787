"""One child process: without a terminal, head of its own process group, killed with it when it is late."""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import IO

from dfdev.errors import MachineError
from dfdev.system.commands import CommandLate, Ran


def run_child(
    program: str,
    argv: Sequence[str],
    environ: Mapping[str, str],
    *,
    timeout: float,
    stdin: str,
    on_line: Callable[[str], None] | None,
) -> Ran:
    """`program`: the path of `argv[0]`. CommandLate after `timeout` seconds; MachineError when it cannot be run."""
    process = _started(program, argv, environ)
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


def _started(program: str, argv: Sequence[str], environ: Mapping[str, str]) -> subprocess.Popen[str]:
    try:
        return subprocess.Popen(
            [program, *argv[1:]],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environ,
            start_new_session=True,
            encoding="utf-8",
            errors="replace",
        )
    except OSError as error:
        raise MachineError(f"cannot run {program}: {error.strerror}", f"`{program} --version` shows why") from error


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
