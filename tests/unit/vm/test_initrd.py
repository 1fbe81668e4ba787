"""The first file system of the VM."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests import machine
from tests.vm.initrd import archive, order

DEPENDENCIES = """\
kernel/fs/ext4/ext4.ko: kernel/fs/jbd2/jbd2.ko kernel/lib/crc16.ko
kernel/fs/jbd2/jbd2.ko:
kernel/lib/crc16.ko:
kernel/drivers/virtio/virtio.ko:
kernel/drivers/block/virtio_blk.ko: kernel/drivers/virtio/virtio.ko
kernel/drivers/net/virtio_net.ko: kernel/drivers/virtio/virtio.ko
"""


def test_what_a_module_needs_is_loaded_before_it_and_once() -> None:
    names = [Path(path).stem for path in order(DEPENDENCIES, ["virtio_net", "ext4", "virtio_blk"])]
    assert names == ["virtio", "virtio_net", "crc16", "jbd2", "ext4", "virtio_blk"]


def test_a_module_that_the_kernel_lacks() -> None:
    with pytest.raises(KeyError):
        order(DEPENDENCIES, ["floppy"])


@pytest.mark.engine
def test_the_archive_is_read_by_another_program(tmp_path: Path) -> None:
    busybox = machine.fetch("28", machine.default_cache()) / "bin" / "busybox"
    made = archive({"bin": (0o40755, b""), "bin/tool": (0o100755, b"odd"), "init": (0o100755, b"12345")})
    subprocess.run([busybox, "cpio", "-idm"], input=made, cwd=tmp_path, check=True, capture_output=True)
    assert (tmp_path / "bin/tool").read_bytes() == b"odd"
    assert (tmp_path / "init").read_bytes() == b"12345"
    assert (tmp_path / "init").stat().st_mode == 0o100755
