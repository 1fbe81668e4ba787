"""What the stand-ins print, and the ssh that they become."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.machine import MachineError
from tests.standins.docker_machine_ls import filled
from tests.standins.through_ssh import command
from tests.vm.layout import Base

BASE = Base(Path("/base"), Path("/base/data.raw"))
ROW = {"Name": "dev", "Active": "*", "URL": "tcp://127.0.0.1:2375", "Error": ""}


def test_a_template_with_escapes() -> None:
    assert filled(r"{{.Name}}\t{{ .URL }}\t{{.Error}}", ROW) == "dev\ttcp://127.0.0.1:2375\t"


def test_a_field_that_there_is_not() -> None:
    with pytest.raises(MachineError, match="Colour"):
        filled("{{.Colour}}", ROW)


def test_by_key_nothing_is_asked() -> None:
    argv = command(BASE, 2022, "normal", "/home", ["sudo", "date"])
    assert argv[-3:] == ["docker@localhost", "sudo", "date"]
    assert "StrictHostKeyChecking=no" in argv and "/base/key" in argv


def test_busybox_gets_the_words_as_one() -> None:
    argv = command(BASE, 2022, "busybox", "/home", ["echo", "a b", "|", "cat"])
    assert argv[-1] == "sudo chroot /opt/busybox-root /bin/sh -c 'echo a b | cat'"
    assert command(BASE, 2022, "busybox", "/home", [])[-3:] == ["-t", "docker@localhost", argv[-1].split(" -c")[0]]


def test_without_the_key_ssh_asks() -> None:
    argv = command(BASE, 2022, "password", "/home", [])
    assert "PubkeyAuthentication=no" in argv and "StrictHostKeyChecking=ask" in argv
    assert "UserKnownHostsFile=/home/known_hosts" in argv
