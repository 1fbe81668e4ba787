"""The same tests for the engine in memory and for both real ones."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import machine
from tests.contract.rig import IMAGE, Rig, connected, provided, unique
from tests.fakes.engine import FakeEngine


@pytest.fixture(
    params=["fake", pytest.param("28", marks=pytest.mark.engine), pytest.param("20.10", marks=pytest.mark.engine)]
)
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    """An engine of each kind."""
    if request.param == "fake":
        yield Rig(FakeEngine(images={IMAGE: "sha256:busybox"}), "fake", unique("fake"), tmp_path, [])
        return
    yield from _real(request, request.param, tmp_path)


@pytest.fixture(params=[pytest.param("28", marks=pytest.mark.engine), pytest.param("20.10", marks=pytest.mark.engine)])
def real(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    """A real engine of each version: for what the one in memory does not do."""
    yield from _real(request, request.param, tmp_path)


def _real(request: pytest.FixtureRequest, version: str, folder: Path) -> Iterator[Rig]:
    shared: machine.Engine = request.getfixturevalue({"28": "engine28", "20.10": "engine2010"}[version])
    engine = connected(shared.host)
    provided(engine, request.getfixturevalue("busybox_tar"))
    made = Rig(engine, version, unique(version), folder, [shared.docker, "--host", shared.host])
    yield made
    made.clean()
    engine.close()
