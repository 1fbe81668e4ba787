"""The VM's clock against this host's, by ssh alone: what tests judge dfdev's own measuring and setting by."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from tests.machine import MachineError

_SAMPLES = 12
_GOOD_NS = 20_000_000
Ask = Callable[[str], int]


class Offset(NamedTuple):
    """VM minus host in seconds; the truth is within `bound` of it."""

    seconds: float
    bound: float


class Sample(NamedTuple):
    """Nanoseconds: the host's clock before and after, the VM's between."""

    before: int
    guest: int
    after: int


def combine(samples: Iterable[Sample]) -> Offset | None:
    """What all samples agree on; None when they contradict each other: the clock was stepped meanwhile."""
    intervals = [(s.guest - s.after, s.guest - s.before) for s in samples]
    low, high = max(low for low, _ in intervals), min(high for _, high in intervals)
    return Offset((low + high) / 2e9, (high - low) / 2e9) if low <= high else None


def parts(nanoseconds: int) -> tuple[int, int]:
    """Whole seconds, rounded down, and nanoseconds from 0 on: how the kernel wants a step."""
    return divmod(nanoseconds, 10**9)


def measure(argv: list[str]) -> Offset:
    """`argv`: root's ssh. In one session, so that its start does not count. MachineError: contradictions, twice."""
    for _ in range(2):
        with _session(argv) as ask:
            found = combine(_samples(ask))
        if found is not None:
            return found
    raise MachineError("the VM's clock jumps: no offset fits all samples")


def step_to(argv: list[str], offset: float) -> Offset:
    """Step the VM's clock until it is `offset` seconds ahead of the host's; what it is then."""
    for _ in range(3):
        with _session(argv) as ask:
            now = combine(_samples(ask))
            if now is None:
                continue
            missing = round((offset - now.seconds) * 1e9)
            if abs(missing) > max(_GOOD_NS / 10, now.bound * 1e9):
                ask("step {} {}".format(*parts(missing)))
            left = combine(_samples(ask))
        if left is not None and abs(left.seconds - offset) <= left.bound + _GOOD_NS / 1e9:
            return left
    raise MachineError(f"the VM's clock cannot be set to {offset:+} s")


def _samples(ask: Ask) -> list[Sample]:
    samples = []
    for _ in range(_SAMPLES):
        before = time.time_ns()
        samples.append(Sample(before, ask(""), time.time_ns()))
    return samples[1:]


@contextmanager
def _session(argv: list[str]) -> Iterator[Ask]:
    with subprocess.Popen([*argv, "clock"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdin is not None and child.stdout is not None
        stdin, stdout = child.stdin, child.stdout

        def ask(line: str) -> int:
            stdin.write(line + "\n")
            stdin.flush()
            answer = stdout.readline()
            if not answer.strip().isdigit():
                raise MachineError(f"the VM does not tell its time: {answer.strip() or 'ssh ended'}")
            return int(answer)

        yield ask
