"""quickstart.sh where nothing is: a bare Debian without Python and without Docker, as a container of its own."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests import machine
from tests.e2e.lab import DFDEV
from tests.shell.quick import ROOT

pytestmark = [pytest.mark.engine, pytest.mark.timeout(1500)]

ENGINE = "engine: unix:///var/run/docker.sock (default socket), version 20.10"
BUNDLE = "/dfdev-test-ca.pem"
PASSED_ON = ("http_proxy", "https_proxy", "no_proxy", "PIP_INDEX_URL", "PIP_DEFAULT_TIMEOUT", "DFDEV_APT_MIRROR")


@dataclass(frozen=True)
class Debian:
    docker: tuple[str, ...]
    container: str

    def run(self, *argv: str) -> subprocess.CompletedProcess[str]:
        command = [*self.docker, "exec", self.container, *argv]
        return subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)

    def sh(self, script: str) -> subprocess.CompletedProcess[str]:
        """As in a login shell whose profile finds dfdev; it must succeed."""
        done = self.run("sh", "-c", f"PATH=$HOME/.local/bin:$PATH; {script}")
        assert done.returncode == 0, done.stdout + done.stderr
        return done

    def quickstart(self, *args: str) -> subprocess.CompletedProcess[str]:
        return self.sh(shlex.join(["sh", "/checkout/shell/quickstart.sh", *args]))

    def page(self, url: str) -> str:
        ask = "import sys, urllib.request; print(urllib.request.urlopen(sys.argv[1], timeout=30).read().decode())"
        return self.sh(shlex.join(["python3", "-c", ask, url])).stdout


@pytest.fixture
def debian(engine28: machine.Engine) -> Iterator[Debian]:
    """Privileged, because an engine of its own will run in it. Of this machine it has the checkout, and what leads to
    package indexes.
    """
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
        [*command, *network_settings(), "dfdev/debian:bookworm", "sleep", "1800"],
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


def first_command() -> str:
    """The README's, as it stands there."""
    section = (ROOT / "README.md").read_text().partition("## Two commands")[2]
    return section.partition("```sh\n")[2].partition("#")[0].strip()


def test_the_readmes_first_command_leads_to_the_demo_and_on(debian: Debian) -> None:
    assert "would run" in debian.quickstart("--dry-run").stderr
    assert debian.run("python3", "--version").returncode != 0, "a dry run installs nothing"

    first = debian.sh(f"cd /checkout && {first_command()}")
    assert "installing python3 python3-venv" in first.stderr
    assert "There is no Docker engine here, so one is installed" in first.stderr
    assert ENGINE in first.stderr
    url = first.stdout.splitlines()[-1]
    assert "<h1>Dramas</h1>" in debian.page(url)

    second = json.loads(debian.sh("cd ~/dfdev-demo && dfdev up --json").stdout)
    assert second["plan"] == []
    mounts = [mount for service in second["services"] for mount in service["mounts"]]
    assert mounts and all(mount["proven"] for mount in mounts)

    debian.sh("cd ~/dfdev-demo && dfdev mysql reset --yes")
    assert "<h1>Dramas</h1>" in debian.page(url)

    again = debian.quickstart()
    assert "installing" not in again.stderr and "so it is started" not in again.stderr
    assert again.stdout.splitlines()[-1] == url

    debian.sh("cd ~/dfdev-demo && dfdev down")
    debian.sh("kill $(cat /run/docker.pid); while kill -0 $(cat /run/docker.pid); do sleep 0.1; done 2>/dev/null")
    revived = debian.quickstart("--no-demo")
    assert "The Docker engine of this machine does not run, so it is started." in revived.stderr
    assert ENGINE in revived.stderr
