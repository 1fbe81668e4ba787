"""dfdev installed, and its unit tests, under Pythons that most machines do not have yet: those of Debian sid."""

from __future__ import annotations

import os
import shutil
import ssl
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from tests import machine
from tests.e2e.lab import DFDEV

pytestmark = [pytest.mark.engine, pytest.mark.timeout(1200)]

ROOT = Path(__file__).resolve().parents[2]
IMAGE = "dfdev-test/pythons:1"
ARGS = ("http_proxy", "https_proxy", "no_proxy", "PIP_INDEX_URL", "PIP_DEFAULT_TIMEOUT")
CACHE = "/cache"
VERSIONS = ("3.13", "3.14", "3.15")
SCRIPT = """
cp -r /checkout /src-{version}; cd /src-{version}
python=/venv/{version}/bin/python
$python -m pip install --quiet --no-deps --no-build-isolation --editable .
$python -m pip check >&2
exec $python -m pytest -q -p no:cacheprovider tests/unit
"""

Inside = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def inside(engine28: machine.Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Inside]:
    """Runs a command in a container with a copy of this checkout and the tools that the unit tests ask for."""
    build_image(engine28, tmp_path_factory.mktemp("image"))
    packages = machine.fetch("28", machine.default_cache())
    mounts = [f"{ROOT}:/checkout:ro", f"{packages}:{CACHE}/packages/28:ro"]
    words = [word for mount in mounts for word in ("-v", mount)]
    run = ("run", "-d", "--rm", "--init", *words, "-e", f"DFDEV_TEST_CACHE={CACHE}", IMAGE, "sleep", "3000")
    container = docker(engine28, *run).stdout.strip()

    def call(script: str) -> subprocess.CompletedProcess[str]:
        return docker(engine28, "exec", container, "sh", "-euc", script, check=False)

    yield call
    docker(engine28, "rm", "-f", container)


def build_image(engine: machine.Engine, context: Path) -> None:
    """What is not new comes from the engine's cache."""
    environ = {**os.environ, "DOCKER_HOST": engine.host}
    subprocess.run([DFDEV, "images", "bootstrap", "mysql"], env=environ, check=True, capture_output=True, timeout=900)
    shutil.copy(Path(__file__).with_name("Dockerfile"), context)
    shutil.copy(ROOT / "tests" / "requirements.lock", context)
    shutil.copy(os.environ.get("PIP_CERT") or str(ssl.get_default_verify_paths().cafile), context / "ca.pem")
    args = [word for name in ARGS if name in os.environ for word in ("--build-arg", f"{name}={os.environ[name]}")]
    docker(engine, "build", "-q", "-t", IMAGE, *args, str(context))


def docker(engine: machine.Engine, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "DOCKER_BUILDKIT": "0"}
    command = [engine.docker, "-H", engine.host, *words]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=1100, check=False)
    assert done.returncode == 0 or not check, done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def runs(inside: Inside) -> Iterator[dict[str, Future[subprocess.CompletedProcess[str]]]]:
    """Under each Python, side by side: what it says who installs dfdev and runs its unit tests."""
    with ThreadPoolExecutor() as pool:
        yield {version: pool.submit(inside, SCRIPT.format(version=version)) for version in VERSIONS}


@pytest.mark.parametrize("version", VERSIONS)
def test_it_installs_with_all_that_it_needs_and_its_unit_tests_hold(
    runs: dict[str, Future[subprocess.CompletedProcess[str]]], version: str
) -> None:
    done = runs[version].result()
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert " passed" in done.stdout.splitlines()[-1] and "skipped" not in done.stdout.splitlines()[-1]
