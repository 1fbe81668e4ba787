"""A workspace's name from its folder's name. Pure."""

from __future__ import annotations

import re


def workspace_name(folder: str) -> str:
    """ "My Dramas" -> "my-dramas", "Café" -> "cafe"; what has no Latin letter or digit -> "workspace-" + hash."""
    from unicodedata import normalize

    plain = normalize("NFKD", folder).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9_]+", "-", plain).strip("-_")[:63].rstrip("-_")
    return slug or f"workspace-{_hash(folder)}"


def _hash(text: str) -> str:
    from hashlib import sha256

    return sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:8]
