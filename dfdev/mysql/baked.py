"""What an image says of the fixtures in it: its labels. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import field

from dfdev.core.frozen import dataclass

FIXTURES = "dev.dfdev.mysql.fixtures"
_AT = "dev.dfdev.mysql.baked"
_VERSION = "dev.dfdev.mysql.version"
_ROWS = "dev.dfdev.mysql.rows"
_FILES = "dev.dfdev.mysql.files"
_MIGRATIONS = "dev.dfdev.mysql.migrations"


@dataclass(frozen=True)
class Baked:
    """`digest`: of all that went in; `at`: Unix time; `rows`: "database.table" -> rows; `migrations`: files of the
    code, relative to DFHOME, that were there.
    """

    digest: str
    at: float
    version: str
    files: int = 0
    rows: Mapping[str, int] = field(default_factory=dict)
    migrations: tuple[str, ...] = ()

    def labels(self) -> dict[str, str]:
        return {
            FIXTURES: self.digest,
            _AT: str(round(self.at)),
            _VERSION: self.version,
            _FILES: str(self.files),
            _ROWS: json.dumps(self.rows, separators=(",", ":"), ensure_ascii=False),
            _MIGRATIONS: "\n".join(self.migrations),
        }


def baked_of(labels: Mapping[str, str]) -> Baked | None:
    """None: an image that `dfdev mysql build` did not make."""
    if not labels.get(FIXTURES):
        return None
    return Baked(
        labels[FIXTURES],
        float(labels.get(_AT) or 0),
        labels.get(_VERSION, ""),
        int(labels.get(_FILES) or 0),
        json.loads(labels.get(_ROWS) or "{}"),
        tuple(name for name in labels.get(_MIGRATIONS, "").split("\n") if name),
    )
