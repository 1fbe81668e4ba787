"""Ports and names that belong to somebody else: who has them is said, and they are left alone."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.e2e.conftest import NewLab
from tests.e2e.lab import Lab
from tests.e2e.trouble import assert_fails, assert_settled, ready, web

pytestmark = pytest.mark.engine
FreePort = Callable[[], int]


def test_a_port_of_another_process(lab: Lab, free_port: FreePort) -> None:
    port, other = free_port(), free_port()
    ready(lab, web(port) + web(other, "two"), "www", "two")
    with socket.create_server(("127.0.0.1", port)):
        done = lab.up()
        assert_fails(done, 1, f"www wants port {port}", f"(pid {os.getpid()})", "dfdev.local.toml")
        assert lab.containers() == {}, "nothing is begun that cannot be finished"
    lab.up().ok()
    assert_settled(lab)


def test_a_port_of_another_workspace(new_lab: NewLab, free_port: FreePort) -> None:
    port = free_port()
    first = ready(new_lab("first"), web(port), "www")
    second = ready(new_lab("second"), web(port), "www")
    first.up().ok()
    before = first.containers()
    done = second.up()
    assert_fails(done, 1, f"www wants port {port}", f"www of the workspace '{first.name}'", str(first.home))
    assert second.containers() == {}
    second.write(f'[services.www]\nports = ["{free_port()}:8080"]\n', "dfdev.local.toml")
    second.up().ok()
    assert_settled(second)
    assert_settled(first)
    assert first.containers() == before


def test_a_port_of_a_foreign_container(lab: Lab, free_port: FreePort) -> None:
    port = free_port()
    ready(lab, web(port), "www")
    foreign = lab.docker("run", "-d", "-p", f"127.0.0.1:{port}:80", "dfdev/small:1").strip()
    try:
        name = lab.docker("inspect", "-f", "{{.Name}}", foreign).strip().removeprefix("/")
        assert_fails(lab.up(), 1, f"www wants port {port}", f"the container {name}", f"docker stop {name}")
        assert lab.docker("inspect", "-f", "{{.State.Running}}", foreign).strip() == "true"
    finally:
        lab.docker("rm", "-f", foreign)
    lab.up().ok()
    assert_settled(lab)


def test_a_name_of_a_foreign_container(lab: Lab, free_port: FreePort) -> None:
    ready(lab, web(free_port()), "www")
    name = f"{lab.name}-www"
    foreign = lab.docker("run", "-d", "--name", name, "--label", "dev.dfdev.service=www", "dfdev/small:1").strip()
    try:
        for _ in range(2):
            assert_fails(lab.up(), 1, name, "dfdev/small:1", f"docker rename {name}")
        lab.dfdev("down").ok()
        assert lab.docker("inspect", "-f", "{{.State.Running}} {{.Id}}", name).split() == ["true", foreign]
    finally:
        lab.docker("rm", "-f", foreign)
    lab.up().ok()
    assert_settled(lab)


def test_a_network_of_a_foreign_owner(lab: Lab, free_port: FreePort) -> None:
    """A network by our name that is not ours is not joined, and survives `down`."""
    ready(lab, web(free_port()), "www")
    name = f"{lab.name}_default"
    foreign = lab.docker("network", "create", name).strip()
    try:
        done = lab.up()
        assert_fails(done, 1, name, f"docker network rm {name}")
        lab.dfdev("down").ok()
        assert lab.docker("network", "inspect", "-f", "{{.Id}}", name).strip() == foreign
    finally:
        lab.docker("network", "rm", foreign)
    lab.up().ok()
    assert_settled(lab)


def test_another_folder_with_the_same_workspace_name(new_lab: NewLab, free_port: FreePort) -> None:
    first, second = new_lab("one"), new_lab("two")
    ready(first, web(free_port()), "www").up().ok()
    before = first.containers()
    second.write("", "www/index.html")
    second.write(f'[workspace]\nname = "{first.name}"\n{web(free_port())}')
    for command in ("up", "restart", "down"):
        assert_fails(second.dfdev(command), 1, f"'{first.name}'", str(first.home))
    assert first.containers() == before
    assert_settled(first)


def test_a_workspace_whose_folder_was_moved(lab: Lab, free_port: FreePort, tmp_path: Path) -> None:
    """Its old containers are its own: recreated where their mounts changed, and taken down."""
    ready(lab, web(free_port()), "www").up().ok()
    moved = replace(lab, home=lab.home.rename(tmp_path / "moved"))
    moved.up().ok()
    assert_settled(moved)
    moved.dfdev("down").ok()
    assert moved.containers() == {}


def test_all_that_is_in_the_way_at_once(lab: Lab, free_port: FreePort) -> None:
    one, two = free_port(), free_port()
    ready(lab, web(one) + web(two, "two"), "www", "two")
    with socket.create_server(("127.0.0.1", one)), socket.create_server(("127.0.0.1", two)):
        assert_fails(lab.up(), 1, f"www wants port {one}", f"two wants port {two}")
