"""Lima: instances with a Docker socket, their states and mounts."""

from __future__ import annotations

from pathlib import Path

import pytest

from dfdev.core.machine import Machine, Share
from dfdev.errors import MachineError
from dfdev.machines import lima
from tests.fakes.commands import FakeCommands
from tests.unit.machines.recorded import recorded

HOME = "/Users/me"


def scripted(name: str, environ: dict[str, str] | None = None) -> FakeCommands:
    commands = FakeCommands(environ).on("limactl list --json", recorded(f"lima/{name}"))
    return commands.on("limactl --version", recorded("lima/version"))


def test_engines_only_and_none_of_colima() -> None:
    found = lima.machines(scripted("list"))
    assert [(m.name, m.state, m.rootless, m.default) for m in found] == [
        ("docker", "running", True, False),
        ("default", "stopped", False, True),
        ("broken", "broken", False, False),
        ("new", "starting", False, False),
    ]
    assert [m.host for m in found] == [
        f"unix:///Users/me/.lima/{name}/sock/docker.sock" for name in ("docker", "default", "broken", "new")
    ]
    assert found[2].word == "host agent is running but driver is not"


def test_the_version_is_the_programs_and_not_the_one_that_made_the_instance() -> None:
    docker = lima.machines(scripted("list"))[0]
    assert docker.version == "2.2.0"
    assert lima.capabilities(docker).self_sync == 10.0
    assert lima.capabilities(Machine("lima", version="1.2.1")).self_sync == 0.0


def test_mounts() -> None:
    docker, default = lima.machines(scripted("list"))[:2]
    assert docker.shares == (Share(HOME, writable=False), Share("/Volumes/code"))
    assert default.shares == (Share(HOME, writable=False),)


@pytest.mark.parametrize(
    ("config", "shares"),
    [
        ("{}", (Share(HOME, writable=False),)),
        ('{"arch": "x86_64"}', ()),
        ('{"plain": true, "mounts": [{"location": "~"}]}', ()),
        ('{"mounts": [{"location": "~/code/", "writable": true}]}', (Share("/Users/me/code"),)),
        ('{"mounts": [{"location": "{{.Home}}"}, {}, 3, {"location": 1}]}', ()),
        ('{"mounts": null}', (Share(HOME, writable=False),) * 0),
    ],
)
def test_what_is_shared(config: str, shares: tuple[Share, ...]) -> None:
    assert lima.parse_list(f'{{"name": "x", "config": {config}}}', HOME)[0].shares == shares


def test_old_instances_are_engines_by_their_socket_file(tmp_path: Path) -> None:
    text = recorded("lima/list-old").replace("/home/anders/.lima", str(tmp_path))
    commands = FakeCommands().on("limactl list --json", text).on("limactl --version", "limactl version 0.8.0\n")
    assert lima.machines(commands) == []
    (tmp_path / "default" / "sock").mkdir(parents=True)
    (tmp_path / "default" / "sock" / "docker.sock").touch()
    (found,) = lima.machines(commands)
    assert (found.name, found.state, found.rootless) == ("default", "running", None)
    assert found.host == f"unix://{tmp_path}/default/sock/docker.sock"
    assert found.shares == (Share(HOME, writable=False),)


def test_no_instance_at_all() -> None:
    commands = FakeCommands().on("limactl list --json", "", err=recorded("lima/list-none"))
    assert lima.machines(commands) == []
    assert commands.lines == ["limactl list --json"]


def test_a_version_that_nobody_tells() -> None:
    commands = FakeCommands().on("limactl list --json", recorded("lima/list")).on("limactl --version", code=1)
    assert {m.version for m in lima.machines(commands)} == {""}


@pytest.mark.parametrize(
    ("status", "state"),
    [("Running", "running"), ("Uninitialized", "stopped"), ("Paused", "paused"), ("", "unknown"), ("Odd", "unknown")],
)
def test_states(status: str, state: str) -> None:
    assert lima.parse_list(f'{{"name": "x", "status": "{status}"}}', HOME)[0].state == state


def test_nonsense() -> None:
    with pytest.raises(MachineError, match="`limactl list --json` did not print the JSON"):
        lima.parse_list("panic: oh", HOME)


def test_the_hint_for_a_new_mount_and_for_a_read_only_one() -> None:
    machine = Machine("lima", "dev", shares=(Share(HOME, writable=False),))
    assert lima.share_hint(machine, "/opt/a b") == (
        "`limactl stop dev && limactl edit --mount '/opt/a b:w' dev && limactl start dev`"
    )
    assert lima.share_hint(machine, "/Users/me/code") == (
        "`limactl stop dev && limactl edit --mount-writable dev && limactl start dev`"
    )
