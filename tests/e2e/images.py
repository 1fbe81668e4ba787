"""The images that the tests run, built by dfdev itself where the engine does not have them yet."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from dfdev.images.catalog import CATALOG

FIXTURES = Path(__file__).parent / "fixtures-image"
OFFICIAL = Path(__file__).parent / "official-mysql"


def ensure(docker_host: str) -> None:
    """`dfdev images bootstrap` for every image, then the tests' own MySQL image with its fixtures baked in."""
    environ = {**os.environ, "DOCKER_HOST": docker_host}
    names = [image.name for image in CATALOG]
    command = [str(Path(sys.executable).with_name("dfdev")), "images", "bootstrap", *names]
    subprocess.run(command, env=environ, check=True, timeout=1500)
    _build(environ, "-t", "dfdev-test/mysql:1", str(FIXTURES))


def ensure_official(docker_host: str, base: str) -> str:
    """An image of the official ones' shape on a server of ours (dfdev/mysql:9, dfdev/mariadb:10): its reference."""
    ref = base.replace("dfdev/", "dfdev-test/official-")
    _build({**os.environ, "DOCKER_HOST": docker_host}, "-t", ref, "--build-arg", f"BASE={base}", str(OFFICIAL))
    return ref


def _build(environ: dict[str, str], *options: str) -> None:
    command = ["docker", "build", "-q", *options]
    subprocess.run(command, env={**environ, "DOCKER_BUILDKIT": "0"}, check=True, timeout=600, capture_output=True)
