"""The tags of a fixture image: what it was made of, when, and the one that the workspace runs. Pure."""

from __future__ import annotations

import time

from dfdev.core.frozen import dataclass

_DIGITS = 12


@dataclass(frozen=True)
class Tags:
    """`ref`: `image` under [mysql], "registry:5000/mysql:dev"."""

    ref: str

    @property
    def repository(self) -> str:
        head, colon, tail = self.ref.rpartition(":")
        return head if colon and "/" not in tail else self.ref

    @property
    def has_registry(self) -> bool:
        """As docker tells a registry from a folder: a name with a dot or a port, or localhost."""
        first, slash, _ = self.ref.partition("/")
        return bool(slash) and ("." in first or ":" in first or first == "localhost")

    def by_digest(self, digest: str) -> str:
        return f"{self.repository}:fixtures-{digest[:_DIGITS]}"

    def by_date(self, at: float) -> str:
        """`at`: Unix time; the day in UTC, so that it is the same for everybody."""
        return f"{self.repository}:{time.strftime('%Y-%m-%d', time.gmtime(at))}"
