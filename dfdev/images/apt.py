"""Where this machine gets Debian packages from, so that images are built from the same mirror."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping

VARIABLE = "DFDEV_APT_MIRROR"
_FORMAT = "$(REPO_URI) $(RELEASE) $(ORIGIN)"


def index_targets() -> str:
    """What apt is configured with here, in lines of "URI release origin"; "" without apt (a Mac, another Linux)."""
    argv = ["apt-get", "indextargets", "--format", _FORMAT]
    try:
        return subprocess.run(argv, capture_output=True, text=True, errors="replace", check=True, timeout=30).stdout
    except (OSError, subprocess.SubprocessError):
        return ""


def source_lines(suite: str, environ: Mapping[str, str], targets: str) -> list[str]:
    """The `sources.list` of an image of that suite; [] leaves what the image has.

    `DFDEV_APT_MIRROR` is the only one when it is set; else this machine's own mirror, with its security updates.
    """
    main = environ.get(VARIABLE) or mirror_in(targets)
    if not main:
        return []
    security = "" if environ.get(VARIABLE) or suite == "sid" else mirror_in(targets, "-security")
    lines = [f"deb {main} {suite} main", f"deb {security} {suite}-security main" if security else ""]
    return [line for line in lines if line]


def mirror_in(targets: str, kind: str = "") -> str:
    """The first mirror of Debian's own suites, or of those whose name ends in `kind`; "" when there is none.

    The origin is missing until `apt-get update` ran once.
    """
    for line in targets.splitlines():
        uri, release, *origin = line.split()
        debian = origin == ["Debian"] or (not origin and "debian" in uri)
        if debian and release.partition("-")[2] == kind[1:] and uri.startswith(("http://", "https://")):
            return uri
    return ""
