"""Every parser, on any text: a value or a MachineError, and never anything else."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dfdev.errors import MachineError
from dfdev.machines import (
    boot2docker,
    colima,
    docker_desktop,
    docker_machine,
    lima,
    native,
    orbstack,
    podman,
    rancher_desktop,
)
from dfdev.machines.output import at_least, objects

PARSERS: dict[str, Callable[[str], Any]] = {
    "boot2docker info": boot2docker.parse_info,
    "boot2docker shellinit": boot2docker.parse_shellinit,
    "boot2docker ip": boot2docker.parse_ip,
    "colima list": colima.parse_list,
    "docker desktop status": docker_desktop.parse_status,
    "docker desktop settings": lambda text: docker_desktop.parse_settings(text, {}),
    "docker-machine ls": docker_machine.parse_list,
    "docker-machine ls, old": docker_machine.parse_table,
    "docker-machine inspect": lambda text: docker_machine.parse_inspect(text, "x", "darwin"),
    "limactl list": lambda text: lima.parse_list(text, "/Users/me"),
    "orb status": orbstack.parse_status,
    "podman list": podman.parse_list,
    "podman inspect": podman.parse_inspect,
    "podman mounts": podman.parse_mounts,
    "rdctl state": rancher_desktop.parse_state,
    "rdctl settings": rancher_desktop.parse_engine,
    "systemctl": native.parse_active,
    "objects": lambda text: objects(text, ("x",)),
    "version": lambda text: at_least(text, 2, 1),
}

KEYS = st.sampled_from(
    [
        *(
            "name",
            "Name",
            "status",
            "State",
            "Status",
            "vmState",
            "message",
            "config",
            "mounts",
            "location",
            "mountPoint",
        ),
        *("writable", "portForwards", "guestSocket", "hostSocket", "errors", "dir", "plain", "runtime", "kubernetes"),
        *("containerEngine", "ConnectionInfo", "PodmanSocket", "Path", "ConfigDir", "Mounts", "Source", "Target"),
        *("Driver", "DriverName", "HostOptions", "AuthOptions", "StorePath", "ServerKeyPath", "ShareFolder", "NoShare"),
        *("FilesharingDirectories", "Default", "Running", "Starting", "Rootful"),
    ]
)
WORDS = st.sampled_from(
    ["", "Running", "/", "~", "x:y", "docker.sock", "/run/user/1/docker.sock", "{{.Dir}}/docker.sock"]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=12,
)
ODD_LINES = st.lists(
    st.sampled_from(
        ["{", "[", "[{", "}", "NAME ACTIVE DRIVER STATE URL", "a\tb\tc\td\te\tf", "export A=", "set -x", "\x0c[{}"]
    ),
    max_size=5,
).map("\n".join)


@pytest.mark.parametrize("parse", PARSERS.values(), ids=PARSERS)
@given(
    text=st.text() | ODD_LINES | VALUES.map(json.dumps) | st.lists(VALUES.map(json.dumps), max_size=3).map("\n".join)
)
def test_any_text(parse: Callable[[str], Any], text: str) -> None:
    with contextlib.suppress(MachineError):
        parse(text)


@pytest.mark.parametrize(
    "text", ["[" * 100_000 + "{", "[{" + '"a":[' * 100_000, '{"a":' * 100_000, '{"n": ' + "1" * 5000 + "}"]
)
@pytest.mark.parametrize("parse", PARSERS.values(), ids=PARSERS)
def test_depth_and_length(parse: Callable[[str], Any], text: str) -> None:
    with contextlib.suppress(MachineError):
        parse(text)
