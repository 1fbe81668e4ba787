"""The images that the tests run, built by dfdev itself where the engine does not have them yet."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from dfdev.images.catalog import CATALOG

FIXTURES = Path(__file__).parent / "fixtures-image"
OFFICIAL = Path(__file__).parent / "official-mysql"
MYSQLSH = Path(__file__).parent / "mysqlsh-image"
UBUNTU = "dfdev-test/ubuntu:resolute"
_MMDEBSTRAP = (
    "mmdebstrap",
    "--variant=minbase",
    "--components=main,universe",
    "--include=mysql-server-core,mysql-client-core,mysql-shell",
    # Debian has no package of Ubuntu's keys everywhere, and nothing but these tests runs on it.
    '--aptopt=Acquire::AllowInsecureRepositories "true"',
    '--aptopt=APT::Get::AllowUnauthenticated "true"',
    '--aptopt=Acquire::Languages "none"',
)


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


def ensure_mysqlsh(docker_host: str) -> str:
    """MySQL 8.4 with mysqlsh, which Debian has not: from the packages of Ubuntu, whose mirror mmdebstrap knows."""
    environ = {**os.environ, "DOCKER_HOST": docker_host}
    if subprocess.run(["docker", "image", "inspect", UBUNTU], env=environ, capture_output=True, check=False).returncode:
        with tempfile.TemporaryDirectory() as folder:
            tar = f"{folder}/ubuntu.tar"
            subprocess.run([*_MMDEBSTRAP, "resolute", tar], check=True, timeout=600, capture_output=True)
            subprocess.run(["docker", "import", tar, UBUNTU], env=environ, check=True, timeout=300, capture_output=True)
    _build(environ, "-t", "dfdev-test/mysqlsh:8.4", "--build-arg", f"BASE={UBUNTU}", str(MYSQLSH))
    return "dfdev-test/mysqlsh:8.4"


def _build(environ: dict[str, str], *options: str) -> None:
    command = ["docker", "build", "-q", *options]
    subprocess.run(command, env={**environ, "DOCKER_BUILDKIT": "0"}, check=True, timeout=600, capture_output=True)
