"""quickstart.sh where nothing is: a bare Debian without Python and without Docker, as a container of its own."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests import machine
from tests.e2e.lab import DFDEV
from tests.shell.quick import ROOT

pytestmark = [pytest.mark.engine, pytest.mark.timeout(900)]

BUNDLE = "/dfdev-test-ca.pem"
PASSED_ON = ("http_proxy", "https_proxy", "no_proxy", "PIP_INDEX_URL", "PIP_DEFAULT_TIMEOUT", "DFDEV_APT_MIRROR")


@dataclass(frozen=True)
class Debian:
    docker: tuple[str, ...]
    container: str

    def run(self, *argv: str) -> subprocess.CompletedProcess[str]:
        command = [*self.docker, "exec", self.container, *argv]
        return subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)

    def quickstart(self, *args: str) -> str:
        """What it said; it must succeed."""
        done = self.run("sh", "/checkout/shell/quickstart.sh", *args)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stderr


@pytest.fixture
def debian(engine28: machine.Engine) -> Iterator[Debian]:
    """Privileged, because an engine of its own will run in it."""
    docker = (engine28.docker, "-H", engine28.host)
    dfdev = [str(DFDEV), "images", "bootstrap", "small"]
    subprocess.run(dfdev, env={**os.environ, **engine28.env}, check=True, capture_output=True, timeout=600)
    command = [
        *docker,
        "run",
        "-d",
        "--rm",
        "--init",
        "--privileged",
        "-v",
        "/var/lib/docker",
        "-v",
        f"{ROOT}:/checkout:ro",
    ]
    done = subprocess.run(
        [*command, *network_settings(), "dfdev/debian:bookworm", "sleep", "900"],
        check=True,
        capture_output=True,
        text=True,
    )
    yield Debian(docker, done.stdout.strip())
    subprocess.run([*docker, "rm", "-f", "-v", done.stdout.strip()], check=True, capture_output=True)


def network_settings() -> list[str]:
    """How this machine reaches package indexes, passed on: proxies, mirrors, a company's certificate authority."""
    options = [word for name in PASSED_ON if name in os.environ for word in ("-e", name)]
    bundle = os.environ.get("PIP_CERT") or os.environ.get("SSL_CERT_FILE")
    if bundle:
        options += ["-v", f"{bundle}:{BUNDLE}:ro", "-e", f"PIP_CERT={BUNDLE}", "-e", f"SSL_CERT_FILE={BUNDLE}"]
    return options


def test_python_and_an_engine_are_installed_started_and_started_again(debian: Debian) -> None:
    assert "would run" in debian.quickstart("--dry-run")
    assert debian.run("python3", "--version").returncode != 0, "a dry run installs nothing"
    said = debian.quickstart("--no-demo")
    assert "installing python3 python3-venv" in said
    assert "There is no Docker engine here, so one is installed" in said
    assert "engine: unix:///var/run/docker.sock (default socket), version 20.10" in said
    again = debian.quickstart("--no-demo")
    assert "installing" not in again
    assert "so it is started" not in again
    debian.run("sh", "-c", "kill $(cat /run/docker.pid); while kill -0 $(cat /run/docker.pid); do sleep 0.1; done")
    revived = debian.quickstart("--no-demo")
    assert "The Docker engine of this machine does not run, so it is started." in revived
    assert "engine: unix:///var/run/docker.sock (default socket), version 20.10" in revived
