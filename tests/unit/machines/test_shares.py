"""Whether a folder is shared: by its folders, not by its letters."""

from __future__ import annotations

import pytest

from dfdev.core.machine import Share
from dfdev.machines.shares import shared_by, unshared

MAC = (Share("/Users"), Share("/private"), Share("/Users/me/ro", writable=False))


@pytest.mark.parametrize(
    ("folder", "platform", "missing"),
    [
        ("/Users/me/code", "darwin", ""),
        ("/Users", "darwin", ""),
        ("/Users2/me", "darwin", "absent"),
        ("/Volumes/code", "darwin", "absent"),
        ("/users/ME/code", "darwin", ""),
        ("/users/ME/code", "linux", "absent"),
        ("/tmp/x", "darwin", ""),
        ("/private/tmp/x", "darwin", ""),
        ("/var/folders/wd/T", "darwin", ""),
        ("/tmp/x", "linux", "absent"),
        ("/Users/me/ro", "darwin", "read-only"),
        ("/Users/me/RO/log", "darwin", "read-only"),
        ("/Users/me/ro2", "darwin", ""),
    ],
)
def test_by_folder(folder: str, platform: str, missing: str) -> None:
    assert unshared(folder, MAC, platform) == missing


def test_reading_needs_no_writable_share() -> None:
    assert unshared("/Users/me/ro", MAC, "darwin", write=False) == ""


def test_a_share_named_by_its_link() -> None:
    assert unshared("/private/tmp/x", (Share("/tmp"),), "darwin") == ""
    assert unshared("/private/var/folders/x", (Share("/var/folders"),), "darwin") == ""


def test_everything_nothing_and_nobody_knows() -> None:
    assert unshared("/any/where", (Share("/"),), "darwin") == ""
    assert unshared("/any/where", (), "darwin") == "absent"
    assert unshared("/any/where", None, "darwin") == ""


def test_the_innermost_share_counts() -> None:
    assert shared_by("/Users/me/ro/x", MAC, "linux") == MAC[2]
    assert shared_by("/opt", MAC, "linux") is None
