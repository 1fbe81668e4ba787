"""The VM for pytest: one for the whole session; every test begins with it as after booting."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.lab import Lab
from tests.vm import images, runs, s3
from tests.vm.machine import Vm


@pytest.fixture(scope="session")
def vm() -> Iterator[Vm]:
    """Booted, with the tests' images. A test asks for `awake_vm`."""
    with runs.new(images.base()) as made:
        made.boot()
        yield made


@pytest.fixture
def awake_vm(vm: Vm) -> Vm:
    """Awake, the clock right, the engine in plain mode and empty of containers, room on its disk."""
    vm.reset()
    return vm


@pytest.fixture
def vm_home(vm: Vm) -> Path:
    """A new folder that the VM has at the same path."""
    made = Path(tempfile.mkdtemp(prefix="home-", dir=vm.share))
    made.chmod(0o755)
    return made


@pytest.fixture
def vm_lab(awake_vm: Vm, vm_home: Path, tmp_path: Path) -> Lab:
    """A workspace in the shared folder, on the VM's engine."""
    user = tmp_path / "user"
    user.mkdir()
    return Lab(vm_home, user, awake_vm.docker_host, vm_home.name.replace("_", "-").lower())


@pytest.fixture
def s3_port() -> Iterator[int]:
    """An S3 that minds the clock, with the bucket `images`; the VM reaches it at `s3.HOST_IN_VM`."""
    with s3.served() as port:
        yield port
