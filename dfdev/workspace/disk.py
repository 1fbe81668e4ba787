"""Questions to the disk that never raise: what may not be looked at is not there.

pathlib's own `exists`, `is_dir` and `is_file` raise PermissionError below a folder that may not be entered.
"""

from __future__ import annotations

import os
from pathlib import Path


def exists(path: Path) -> bool:
    return os.path.exists(path)  # noqa: PTH110


def is_folder(path: Path) -> bool:
    return os.path.isdir(path)  # noqa: PTH112


def is_file(path: Path) -> bool:
    return os.path.isfile(path)  # noqa: PTH113
