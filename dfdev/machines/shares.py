"""Whether a folder of this host is in the machine too, by the machine's own list of shared folders.

A check of names: a proof is a file that is written here and read there (stack/proof.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from dfdev.core.machine import Share

_LINKS = ("/tmp", "/var", "/etc")
"""On macOS these are links into /private, so that one folder has two names."""

Missing = Literal["", "absent", "read-only"]
"""What is wrong with a folder: nothing, it is not shared, or it cannot be written through the share."""


def unshared(folder: str, shares: Iterable[Share] | None, platform: str, *, write: bool = True) -> Missing:
    """`folder`: absolute, with links resolved. "" also where nobody tells what is shared (`shares` is None)."""
    if shares is None:
        return ""
    found = shared_by(folder, shares, platform)
    if found is None:
        return "absent"
    return "read-only" if write and not found.writable else ""


def shared_by(folder: str, shares: Iterable[Share], platform: str) -> Share | None:
    """The share that `folder` is in, the innermost of several; None without one."""
    parts = _parts(folder, platform)
    holding = [share for share in shares if parts[: len(_parts(share.path, platform))] == _parts(share.path, platform)]
    return max(holding, key=lambda share: len(_parts(share.path, platform)), default=None)


def _parts(path: str, platform: str) -> tuple[str, ...]:
    """Of a name that is the same for both spellings of a folder.

    macOS: volumes are case-insensitive unless somebody formatted them otherwise; there, a wrong name is let through
    here and caught by the proof.
    """
    if platform == "darwin":
        if any(path == link or path.startswith(link + "/") for link in _LINKS):
            path = "/private" + path
        path = path.casefold()
    return tuple(part for part in path.split("/") if part)
