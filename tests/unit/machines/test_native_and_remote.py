"""Engines without a machine: on this host, and elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from dfdev.core.machine import Capabilities, Machine, Share
from dfdev.machines import native, remote
from tests.fakes.commands import FakeCommands


@pytest.mark.parametrize(
    ("out", "code", "state"),
    [
        ("active\n", 0, "running"),
        ("activating\n", 3, "starting"),
        ("inactive\n", 3, "stopped"),
        ("failed\n", 3, "broken"),
    ],
)
def test_native_by_systemd(out: str, code: int, state: str) -> None:
    (found,) = native.machines(FakeCommands().on("systemctl is-active docker", out, code=code))
    assert (found.state, found.word, found.shares) == (state, out.strip(), (Share("/"),))


def test_native_without_systemd(tmp_path: Path) -> None:
    socket = tmp_path / "docker.sock"
    assert native.machines(FakeCommands(), str(socket))[0].state == "stopped"
    assert native.installed(FakeCommands(), "linux", str(socket)) == ""
    socket.touch()
    (found,) = native.machines(FakeCommands().on("systemctl", "", code=1), str(socket))
    assert (found.state, found.host) == ("running", f"unix://{socket}")
    assert native.installed(FakeCommands(), "linux", str(socket)) == str(socket)
    assert native.installed(FakeCommands().on("dockerd", ""), "linux", str(socket)) == "/fake/bin/dockerd"


def test_native_is_linux() -> None:
    assert native.installed(FakeCommands().on("dockerd", ""), "darwin") == ""


def test_remote_is_an_address() -> None:
    assert remote.at("ssh://me@build") == Machine("remote", "me@build", host="ssh://me@build", cloud=True)
    assert remote.installed(FakeCommands()) == ""
    assert remote.machines(FakeCommands()) == []


@pytest.mark.parametrize("provider", [native, remote])
def test_neither_can_be_managed(provider: object) -> None:
    assert native.capabilities(Machine("native")) == remote.capabilities(Machine("remote")) == Capabilities()
