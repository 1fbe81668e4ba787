"""One command, run to its end and measured as a whole process."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


class BenchError(Exception):
    """A command failed or had not the effect that it should have had; the text says which."""


@dataclass(frozen=True)
class Sample:
    """`cpu`: seconds of user and system time, children included. `peak`: KiB of resident memory of the largest one."""

    seconds: float
    cpu: float
    peak: int


@dataclass(frozen=True)
class Run:
    """What a command left behind: its measurement and its output."""

    sample: Sample
    out: str
    err: str


def run(argv: Sequence[str], env: Mapping[str, str], cwd: Path) -> Run:
    """Fork, exec, wait. BenchError when it exits with anything but 0.

    Linux counts what the forking process itself holds into the child's peak, which is why this package imports
    little: a peak is never below that of Python with the standard library (about 20 MB).
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        began = time.perf_counter()
        # A Ctrl-C right after the fork would leave the child behind.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        pid = os.fork()
        if pid == 0:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
            _become(argv, env, cwd, out.fileno(), err.fileno())
        status, usage = _waited(pid, before)
        seconds = time.perf_counter() - began
        texts = [_text(stream.fileno()) for stream in (out, err)]
    code = os.waitstatus_to_exitcode(status)
    if code:
        raise BenchError(f"{' '.join(argv)} in {cwd}: exit code {code}\n{texts[0]}{texts[1]}".rstrip())
    return Run(Sample(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss), *texts)


def _waited(pid: int, signals: set[int | signal.Signals]) -> tuple[int, resource.struct_rusage]:
    """Where we are interrupted, the command does not go on without us. `signals`: blocked from here on."""
    try:
        signal.pthread_sigmask(signal.SIG_SETMASK, signals)
        _, status, usage = os.wait4(pid, 0)
    except BaseException:
        with contextlib.suppress(ProcessLookupError, ChildProcessError):
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        raise
    return status, usage


def _become(argv: Sequence[str], env: Mapping[str, str], cwd: Path, out: int, err: int) -> None:
    """In the child: never returns."""
    try:
        os.chdir(cwd)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(out, 1)
        os.dup2(err, 2)
        os.execvpe(argv[0], list(argv), dict(env))
    except OSError as error:
        os.write(2, f"{argv[0]}: {error}\n".encode())
    finally:
        os._exit(127)


def _text(stream: int) -> str:
    size = os.fstat(stream).st_size
    return os.pread(stream, size, 0).decode(errors="replace")
