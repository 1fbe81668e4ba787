"""What `dfdev clock` says of a clock that is not its to set."""

from __future__ import annotations

import pytest

from dfdev.cli.clocking import not_ours
from dfdev.core.machine import Machine
from dfdev.core.providers import Owner
from dfdev.machines.place import Place
from tests.fakes.commands import FakeCommands

OFFICE = Machine("docker-machine", "vb", host="tcp://192.168.1.20:2376", cloud=True, perhaps_here=True)


@pytest.mark.parametrize(
    ("machine", "words"),
    [
        (OFFICE, "tcp://192.168.1.20:2376 is in a private network"),
        (OFFICE, "write `local = true` under [machine] of dfdev.toml"),
        (Machine("docker-machine", "ec2", cloud=True), "whoever looks after that machine"),
        (Machine("native"), "timedatectl"),
    ],
)
def test_why_it_is_not_set_and_what_to_do(machine: Machine, words: str) -> None:
    place = Place(Owner(machine.provider, machine.name), machine.host, FakeCommands(), machine)
    assert words in not_ours(place).hint
