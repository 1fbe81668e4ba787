"""A log file of our own that never grows without end: launchd rotates none."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from dfdev.errors import ConfigError

LIMIT = 256 * 1024
"""Bytes after which the file is put aside as FILE.1, in place of an older one."""


@contextmanager
def appended(path: Path, limit: int = LIMIT) -> Iterator[TextIO]:
    """A stream whose lines are appended with the time (UTC) before each, when it is left. ConfigError."""
    lines = io.StringIO()
    try:
        yield lines
    finally:
        _append(path, lines.getvalue(), limit)


def _append(path: Path, text: str, limit: int) -> None:
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    stamped = "".join(f"{now} {line}\n" for line in text.splitlines() if line.strip())
    if not stamped:
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_file() and path.stat().st_size + len(stamped.encode()) > limit:
            path.replace(path.with_name(f"{path.name}.1"))
        with path.open("a", encoding="utf-8", errors="replace") as file:
            file.write(stamped)
    except OSError as error:
        raise ConfigError(f"cannot write {path}: {error.strerror}", "name another file with --log") from error
