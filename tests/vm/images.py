"""A second layer of the data disk with the images that tests run: loading them takes a minute under emulation."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests import machine
from tests.e2e.images import bootstrap
from tests.machine import busybox
from tests.vm import disk, runs
from tests.vm.layout import Base, digest
from tests.vm.machine import Vm

SMALL = (busybox.IMAGE, "dfdev/small:1")
"""Also there when the engine runs in a user namespace, which has images of its own."""
NAMES = (*SMALL, "dfdev/registry:2")
_SECONDS = 600.0


def base() -> Base:
    """The disk with the images of the host's test engine; made again when they changed. Raises MachineError."""
    bare = disk.base()
    engine = machine.start("28")
    try:
        busybox.ensure(engine, machine.default_cache())
        bootstrap(engine.host, "small", "registry")
        key = digest(bare.folder.name, *(_version(engine, name) for name in NAMES))
        warm = disk.once("images", key, lambda stage: _make(stage, bare, engine))
    finally:
        engine.stop()
    return Base(bare.folder, warm / "data.qcow2")


def _version(engine: machine.Engine, name: str) -> str:
    """dfdev's label of what an image was made from, so that the same image made again is the same; else its id."""
    found = json.loads(_docker(engine, engine.env, "image", "inspect", name))[0]
    labels: Mapping[str, str] = found["Config"]["Labels"] or {}
    return labels.get("dev.dfdev.inputs") or str(found["Id"])


def _make(stage: Path, bare: Base, engine: machine.Engine) -> None:
    with runs.new(bare) as vm:
        vm.boot()
        _load(stage, engine, vm, NAMES)
        vm.dockerd("userns")
        _load(stage, engine, vm, SMALL)
        vm.shutdown()
        shutil.move(vm.run.data, stage / "data.qcow2")


def _load(stage: Path, engine: machine.Engine, vm: Vm, names: tuple[str, ...]) -> None:
    archive = stage / "images.tar"
    _docker(engine, engine.env, "save", "-o", str(archive), *names)
    _docker(engine, vm.environ, "load", "-q", "-i", str(archive))
    archive.unlink()


def _docker(engine: machine.Engine, environ: Mapping[str, str], *args: str) -> str:
    done = subprocess.run([engine.docker, *args], env=dict(environ), capture_output=True, text=True, timeout=_SECONDS)
    if done.returncode:
        raise machine.MachineError(f"docker {args[0]}: {done.stderr.strip()}")
    return done.stdout
