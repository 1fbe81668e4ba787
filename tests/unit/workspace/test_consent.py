"""What is asked about once, and remembered by the user."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dfdev.errors import ConfigError
from dfdev.workspace.consent import Ask, NotAllowed, asks_of, machine_of, read_granted, remember
from dfdev.workspace.load import load
from dfdev.workspace.problem import WorkspaceError
from dfdev.workspace.schema import Config, Granted
from tests.unit.workspace.support import WWW, write
from tests.unit.workspace.test_gate import keys

ADDRESSES = ["tcp://198.51.100.7:2375", "me@build.example", "ssh://me@build.example", "unix:///run/other.sock"]
BEYOND = {"privileged", "devices", "cap_add", "hooks", "pid", "ipc", "network_mode", "security_opt", "sysctls"}
"""Words of other tools for what acts on the computer: whoever adds one asks about it here."""


def here(tmp_path: Path) -> dict[str, str]:
    return {"HOME": str(tmp_path / "user")}


def test_a_folder_outside_is_asked_for_and_then_there(tmp_path: Path) -> None:
    home = write(tmp_path / "home", f'{WWW}code = "../a b"\nmounts = ["../c:/c"]\n')
    for name in ("a b", "c"):
        (tmp_path / name).mkdir()
    with pytest.raises(WorkspaceError) as caught:
        load(home, here(tmp_path))
    asks = asks_of(caught.value)
    assert [ask.value for ask in asks] == [str(tmp_path / "a b"), str(tmp_path / "c")]
    assert f"services.www.code is {tmp_path / 'a b'}" in asks[0].text
    remember(home, asks, here(tmp_path))
    assert load(home, here(tmp_path)).mounts["www"][0].source == str(tmp_path / "a b")


def test_what_one_workspace_was_allowed_no_other_has(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    one, two = (write(tmp_path / name, f'{WWW}code = "../shared"\n') for name in ("one", "two"))
    remember(one, [Ask("folders", str(tmp_path / "shared"), "")], here(tmp_path))
    assert load(one, here(tmp_path))
    with pytest.raises(WorkspaceError):
        load(two, here(tmp_path))


def test_an_error_of_another_kind_asks_for_nothing(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    home = write(tmp_path / "home", '[services.www]\nimage = ""\ncode = "../shared"\n')
    with pytest.raises(WorkspaceError) as caught:
        load(home, here(tmp_path))
    assert asks_of(caught.value) == () == asks_of(ConfigError("something"))


@pytest.mark.parametrize("address", ADDRESSES)
def test_another_engines_address_is_asked_for(tmp_path: Path, address: str) -> None:
    home = write(tmp_path / "home", f'[machine]\nprovider = "ssh"\nprofile = "{address}"\n')
    with pytest.raises(NotAllowed) as caught:
        machine_of(load(home, here(tmp_path)), here(tmp_path))
    assert address in caught.value.message and "dfdev allow" in caught.value.hint
    remember(home, asks_of(caught.value), here(tmp_path))
    assert machine_of(load(home, here(tmp_path)), here(tmp_path)).profile == address
    home = write(tmp_path / "home", f'[machine]\nprovider = "ssh"\nprofile = "{address}0"\n')
    with pytest.raises(NotAllowed):
        machine_of(load(home, here(tmp_path)), here(tmp_path))


@pytest.mark.parametrize("name", ["DOCKER_HOST", "DOCKER_CONTEXT"])
def test_the_users_own_environment_is_not_asked_about(tmp_path: Path, name: str) -> None:
    home = write(tmp_path / "home", '[machine]\nprovider = "ssh"\nprofile = "me@build"\n')
    assert machine_of(load(home, {}), {name: "x"})


def test_a_machine_of_this_computer_is_not_asked_about(tmp_path: Path) -> None:
    home = write(tmp_path / "home", '[machine]\nprovider = "colima"\nprofile = "work"\n')
    assert machine_of(load(home, {}), {}).profile == "work"


@contextmanager
def somebody(uid: int) -> Iterator[None]:
    """Who asks is that user meanwhile."""
    os.seteuid(uid)
    try:
        yield
    finally:
        os.seteuid(0)


as_root = pytest.mark.skipif(os.geteuid() != 0, reason="gives files to other users")


@as_root
@pytest.mark.parametrize("name", [".", "dfdev.toml", "dfdev.local.toml", ".env", ".env.local"])
def test_somebody_elses_workspace_is_not_read_unasked(tmp_path: Path, name: str) -> None:
    home = write(tmp_path / "home", "", env="A=1\n", env_local="B=1\n", local_toml="")
    os.chown(home / name, 4242, 4242)
    with pytest.raises(NotAllowed, match=r"belongs to somebody \(user 4242\)") as caught:
        load(home, here(tmp_path))
    remember(home, asks_of(caught.value), here(tmp_path))
    assert load(home, here(tmp_path)).env["A"] == "1"


@as_root
@pytest.mark.parametrize(
    ("owner", "caller", "sudo", "trusted"),
    [
        (0, 0, "", True),
        (4242, 0, "", False),
        (4242, 0, "4242", True),
        (4242, 0, "4243", False),
        (4242, 0, "x", False),
        (4242, 4242, "", True),
        (0, 4242, "", True),
        (4243, 4242, "", False),
        (4243, 4242, "4243", False),
    ],
)
def test_whose_files_are_ones_own(tmp_path: Path, owner: int, caller: int, sudo: str, trusted: bool) -> None:
    from dfdev.workspace.consent import must_be_trusted

    (tmp_path / "dfdev.toml").touch()
    os.chown(tmp_path / "dfdev.toml", owner, owner)
    for parent in (tmp_path, *tmp_path.parents[:2]):
        parent.chmod(0o755)
    try:
        with somebody(caller):
            must_be_trusted(tmp_path, ("dfdev.toml", "none"), Granted(), {"SUDO_UID": sudo})
    except NotAllowed:
        assert not trusted
    else:
        assert trusted


def test_strange_names_come_back_as_they_were(tmp_path: Path) -> None:
    home = tmp_path / 'a "b"\n[x] \\ é'
    home.mkdir()
    values = ['/a"b', "/c]\nd", "/e\\f"]
    file = remember(home, [Ask("folders", value, "") for value in values], here(tmp_path))
    remember(tmp_path, [Ask("engines", "tcp://x", "")], here(tmp_path))
    assert read_granted(home, here(tmp_path)).folders == tuple(values)
    assert set(tomllib.loads(file.read_text())) == {str(home), str(tmp_path)}
    assert file == tmp_path / "user/.config/dfdev/allowed.toml" and file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("text", ["x = 1\n", '["/home"]\nfolders = 1\n', "[", '["/home"]\nfolder = []\n'])
def test_a_file_that_was_broken_is_an_error(tmp_path: Path, text: str) -> None:
    file = remember(tmp_path, [Ask("engines", "tcp://x", "")], here(tmp_path))
    file.write_text(text)
    with pytest.raises(ConfigError, match=r"allowed\.toml"):
        read_granted(tmp_path, here(tmp_path))


def test_there_is_nothing_else_yet_to_be_asked_about() -> None:
    assert {str(key.at[-1]) for key in keys(Config)} & BEYOND == set()
