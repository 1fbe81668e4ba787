"""Every provider keeps the protocol, and builds the command lines that its product documents."""

from __future__ import annotations

import shlex

import pytest

from dfdev.core.machine import Machine
from dfdev.errors import MachineError
from dfdev.machines import (
    arcbox,
    boot2docker,
    catalog,
    colima,
    docker_desktop,
    docker_machine,
    lima,
    native,
    orbstack,
    podman,
    rancher_desktop,
    remote,
    socktainer,
)
from dfdev.machines.protocol import Provider

ALL: tuple[Provider, ...] = (
    orbstack,
    docker_desktop,
    colima,
    rancher_desktop,
    podman,
    lima,
    arcbox,
    socktainer,
    docker_machine,
    boot2docker,
    native,
    remote,
)
"""For mypy: each module is a Provider."""


def test_names_in_the_order_of_preference() -> None:
    assert [module.name for module in ALL] == list(catalog.NAMES)
    assert [catalog.provider(name) for name in catalog.NAMES] == list(ALL)
    assert catalog.provider("ssh") is remote


def test_an_unknown_name() -> None:
    with pytest.raises(MachineError, match="no provider is called vagrant") as error:
        catalog.provider("vagrant")
    assert "colima" in error.value.hint


@pytest.mark.parametrize(
    ("name", "start", "stop", "restart", "root"),
    [
        ("colima", "colima start NAME", "colima stop NAME", "colima stop --force NAME; colima start NAME",
         "colima ssh -p NAME -- sudo sh -s"),
        ("lima", "limactl start NAME", "limactl stop NAME", "limactl stop --force NAME; limactl start NAME",
         "limactl shell --workdir / NAME sudo sh -s"),
        ("rancher-desktop", "rdctl start", "rdctl shutdown", "rdctl shutdown; rdctl start", "rdctl shell sudo sh -s"),
        ("orbstack", "orb start", "orb stop", "orb stop; orb start", ""),
        ("podman", "podman machine start NAME", "podman machine stop NAME",
         "podman machine stop NAME; podman machine start NAME", "podman machine ssh NAME sudo sh -s"),
        ("docker-machine", "docker-machine start NAME", "docker-machine stop NAME",
         "docker-machine kill NAME; docker-machine start NAME", "docker-machine ssh NAME sudo sh -s"),
        ("boot2docker", "boot2docker --vm=NAME up", "boot2docker --vm=NAME down",
         "boot2docker --vm=NAME poweroff; boot2docker --vm=NAME up", "boot2docker --vm=NAME ssh sudo sh -s"),
        ("docker-desktop", "docker desktop start", "docker desktop stop", "docker desktop restart", ""),
        ("arcbox", "abctl daemon start", "abctl daemon stop", "abctl daemon stop; abctl daemon start", ""),
        ("socktainer", "", "", "", ""),
        ("native", "", "", "", ""),
        ("remote", "", "", "", ""),
    ],
)  # fmt: skip
def test_command_lines(name: str, start: str, stop: str, restart: str, root: str) -> None:
    provider, machine = catalog.provider(name), Machine(name, "NAME", "stopped")
    lines = ["; ".join(map(shlex.join, many(machine))) for many in (provider.start, provider.stop, provider.restart)]
    assert lines == [start, stop, restart]
    assert shlex.join(provider.root(machine)) == root
    assert root.startswith(shlex.join(provider.shell(machine)))


@pytest.mark.parametrize("name", catalog.NAMES)
def test_what_can_be_done_agrees_with_the_command_lines(name: str) -> None:
    provider, machine = catalog.provider(name), Machine(name, "x", "stopped")
    can = provider.capabilities(machine)
    assert can.start is bool(provider.start(machine))
    assert can.root_shell is bool(provider.root(machine))
    assert not any(shlex.quote(word) != word for word in provider.root(machine))
    assert "/opt/code" in provider.share_hint(machine, "/opt/code") or name == "remote"


@pytest.mark.parametrize("name", [name for name in catalog.NAMES if name != "remote"])
def test_every_product_says_how_to_get_it(name: str) -> None:
    assert catalog.provider(name).install
    assert catalog.provider(name).title
