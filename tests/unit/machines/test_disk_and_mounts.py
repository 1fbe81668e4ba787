from __future__ import annotations

import pytest

from dfdev.core.machine import Share
from dfdev.machines.disk import Disk, parse_df
from dfdev.machines.mounts import parse_mounts

GIB = 2**30


@pytest.mark.parametrize(
    ("size", "free", "state"),
    [
        (100, 50, "ok"),
        (100, 9.9, "low"),
        (20, 4.9, "low"),
        (20, 5.0, "ok"),
        (6, 5.5, "ok"),
        (100, 0.01, "full"),
        (0, 0, "full"),
    ],
)
def test_below_a_tenth_or_five_gib_is_low_and_nothing_is_full(size: float, free: float, state: str) -> None:
    assert Disk(int(size * GIB), int(free * GIB)).state == state


@pytest.mark.parametrize(
    "text",
    [
        "Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/vdb 6166016 12 5832232 1% /var/lib/docker\n",
        "/dev/vdb 6166016 12 5832232 1% /var/lib/docker\n",
        "Filesystem 1024-blocks Used Available Capacity Mounted on\noverlay 6166016 12 5832232 1% /\n",
        "df: warning\nFilesystem ...\n/dev/mapper/a b 6166016 12 5832232 1% /mnt/with blank\n",
        "Filesystem 1K-blocks Used Available Use% Mounted on\n/dev/mapper/a-very-long-name\n 6166016 12 5832232 1% /\n",
    ],
    ids=["coreutils", "busybox", "container", "blanks", "wrapped"],
)
def test_df_is_read(text: str) -> None:
    assert parse_df(text) == Disk(6166016 * 1024, 5832232 * 1024)


@pytest.mark.parametrize("text", ["", "df: /x: No such file or directory\n", "Filesystem 1024-blocks\n", "a b c d e f"])
def test_anything_else_is_not_told(text: str) -> None:
    assert parse_df(text) is None


def test_only_what_leads_to_the_host_counts_as_shared() -> None:
    text = (
        "overlay / overlay rw 0 0\n"
        "Users /Users vboxsf rw,nodev,relatime 0 0\n"
        "mount0 /Volumes/My\\040Disk virtiofs ro,relatime 0 0\n"
        "proc /proc proc rw 0 0\n"
        "short\n"
    )
    assert parse_mounts(text) == (Share("/Users"), Share("/Volumes/My Disk", writable=False))
