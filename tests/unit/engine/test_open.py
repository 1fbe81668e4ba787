"""Opening an engine: how long a query may take, and how little is loaded for a look."""

from __future__ import annotations

import subprocess
import sys

import pytest

from dfdev.engine.endpoint import Endpoint
from dfdev.engine.open import open_engine
from dfdev.engine.protocol import Engine
from dfdev.errors import ConfigError, EngineError
from tests.fakes.engine import FakeEngine

ENDPOINT = Endpoint("unix:///nonexistent/docker.sock", "a test")


def test_the_query_deadline() -> None:
    assert open_engine(ENDPOINT, {})._wire.timeout == 10
    assert open_engine(ENDPOINT, {"DFDEV_ENGINE_TIMEOUT": "2.5"})._wire.timeout == 2.5
    assert open_engine(ENDPOINT, {"DFDEV_ENGINE_TIMEOUT": "2.5"}, 7)._wire.timeout == 7


@pytest.mark.parametrize("text", ["ten", "0", "-1", "nan", "inf"])
def test_a_deadline_that_is_none(text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        open_engine(ENDPOINT, {"DFDEV_ENGINE_TIMEOUT": text})
    assert "DFDEV_ENGINE_TIMEOUT" in caught.value.message


def test_both_are_engines() -> None:
    """That mypy accepts this is the test."""
    engines: list[Engine] = [open_engine(ENDPOINT, {}), FakeEngine()]
    assert len(engines) == 2


def test_images_over_ssh_need_paramiko() -> None:
    from dfdev.engine import client

    with pytest.raises(EngineError) as caught:
        client.connect(Endpoint("ssh://me@far.example", "a test"), "1.45", 1)
    assert "dfdev[ssh]" in caught.value.hint


def test_a_look_loads_neither_the_sdk_nor_what_it_drags_in() -> None:
    """Importing the docker SDK takes longer than a whole `docker compose ps`."""
    code = (
        "import sys, dfdev.engine.open, dfdev.engine.endpoint\n"
        "heavy = {'docker', 'requests', 'urllib3', 'http.client', 'email', 'ssl', 'logging', 'tarfile', 'asyncio'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"
