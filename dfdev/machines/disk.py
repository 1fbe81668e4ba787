"""The disk that an engine keeps its images and containers on: how much of it is free."""

from __future__ import annotations

from typing import Literal

from dfdev.core.frozen import dataclass

DF = "df -Pk"
"""POSIX format, KiB: busybox and coreutils print the same."""
_GIB = 2**30
_LEAST = 5 * _GIB
_LEAST_SHARE = 0.10
_FULL = 16 * 2**20
"""Less than this and the engine cannot even make a container; once it corrupted images."""


@dataclass(frozen=True)
class Disk:
    """Bytes. `free` is what an unprivileged process could take."""

    size: int
    free: int

    @property
    def state(self) -> Literal["ok", "low", "full"]:
        if self.free < _FULL:
            return "full"
        return "low" if self.free < _LEAST or self.free < self.size * _LEAST_SHARE else "ok"

    def __str__(self) -> str:
        return f"{self.free / _GIB:.1f} of {self.size / _GIB:.1f} GiB free"

    def as_json(self) -> dict[str, object]:
        return {"size_bytes": self.size, "free_bytes": self.free, "state": self.state}


def parse_df(text: str) -> Disk | None:
    """The last line of `df -Pk FOLDER`: device, size, used, available, %, mount point; None for anything else."""
    words = (text.strip().splitlines() or [""])[-1].split()
    for index in range(len(words) - 2):
        numbers = words[index : index + 3]
        if all(n.isdecimal() for n in numbers) and words[index + 3 : index + 4] and words[index + 3].endswith("%"):
            return Disk(int(numbers[0]) * 1024, int(numbers[2]) * 1024)
    return None
