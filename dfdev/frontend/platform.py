"""What runs on which processor: said before anything is pulled. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from dfdev.errors import DfdevError

_GROUPS = ("dependencies", "devDependencies", "optionalDependencies")
_PHANTOM = frozenset(
    {"phantomjs", "phantomjs-prebuilt", "phantomjs2", "grunt-lib-phantomjs", "karma-phantomjs-launcher"}
)
_INTEL = frozenset({"amd64", "x86_64", "x64"})
_INSTALLS = re.compile(r"^(?!\s*#).*phantomjs", re.IGNORECASE | re.MULTILINE)


def phantom_of(package: Mapping[str, Any], dockerfile: str = "") -> str:
    """What brings PhantomJS: the package's name, "Dockerfile", or "" for nothing. `package`: package.json."""
    groups = (package.get(name) for name in _GROUPS)
    named = {name for group in groups if isinstance(group, dict) for name in group} & _PHANTOM
    return min(named, default="") or ("Dockerfile" if _INSTALLS.search(dockerfile) else "")


def must_run(package: Mapping[str, Any], dockerfile: str, architecture: str, platform: str) -> None:
    """DfdevError: PhantomJS is wanted where there is none. `architecture`: the engine's own word for it ("aarch64",
    "x86_64"), "" for unknown; `platform`: `[frontend] platform`, "" for the engine's own.
    """
    processor = platform.partition("/")[2] or architecture
    brings = phantom_of(package, dockerfile)
    if not brings or not processor or processor in _INTEL:
        return
    raise DfdevError(
        f"PhantomJS ({brings}) has no binary for linux/{_plain(processor)} and never will: it was given up in 2018",
        'platform = "linux/amd64" under [frontend] runs it emulated, slowly; '
        "`dfdev frontend init --preset current` has Chromium instead",
    )


def _plain(processor: str) -> str:
    return "arm64" if processor == "aarch64" else processor
