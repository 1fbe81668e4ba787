"""From the engine's JSON to our values: recorded shapes of several engines, shortened."""

from __future__ import annotations

from typing import Any

import pytest

from dfdev.core.desired import Port
from dfdev.core.observed import MountPoint, Network
from dfdev.engine import parse

LISTED: dict[str, Any] = {
    "Id": "abc",
    "Names": ["/dramas-www"],
    "Image": "www:dev",
    "ImageID": "sha256:1",
    "State": "running",
    "Status": "Up 3 seconds (healthy)",
    "Labels": {"dev.dfdev.workspace": "dramas"},
    "Ports": [
        {"IP": "0.0.0.0", "PrivatePort": 80, "PublicPort": 8000, "Type": "tcp"},
        {"IP": "::", "PrivatePort": 80, "PublicPort": 8000, "Type": "tcp"},
        {"PrivatePort": 443, "Type": "tcp"},
        {"IP": "127.0.0.1", "PrivatePort": 53, "PublicPort": 5353, "Type": "udp"},
    ],
    "Mounts": [
        {"Type": "bind", "Source": "/home/me/df/www", "Destination": "/var/www", "RW": True},
        {"Type": "volume", "Name": "data", "Source": "/var/lib/docker/volumes/data/_data", "Destination": "/data"},
    ],
    "NetworkSettings": {"Networks": {"dramas_default": {"NetworkID": "n1"}}},
}


def test_a_link_to_a_container_does_not_rename_it() -> None:
    linked = {**LISTED, "Names": ["/blog/db", "/dramas-www", "/other/www"]}
    assert parse.listed(linked).name == "dramas-www"


def test_a_listed_container() -> None:
    found = parse.listed(LISTED)
    assert (found.id, found.name, found.image, found.image_id) == ("abc", "dramas-www", "www:dev", "sha256:1")
    assert (found.state, found.health, found.exit_code) == ("running", "healthy", None)
    assert found.claims == {"dev.dfdev.workspace": "dramas"}
    assert found.ports == (
        Port(5353, 53, "127.0.0.1", "udp"),
        Port(8000, 80, "0.0.0.0"),
        Port(8000, 80, "::"),
    )
    assert found.mounts == (MountPoint("/home/me/df/www", "/var/www"), MountPoint("data", "/data", "volume"))
    assert found.networks == {"dramas_default": "n1"}


@pytest.mark.parametrize(
    ("status", "health"),
    [
        ("Up 2 minutes", ""),
        ("Up Less than a second (health: starting)", "starting"),
        ("Up 2 minutes (unhealthy)", "unhealthy"),
        ("Up 2 minutes (Paused)", ""),
        ("Exited (0) 3 seconds ago", ""),
        ("Created", ""),
    ],
)
def test_health_is_told_in_the_status(status: str, health: str) -> None:
    assert parse.listed(LISTED | {"Status": status}).health == health


@pytest.mark.parametrize(
    ("said", "state"),
    [("exited", "exited"), ("stopped", "exited"), ("Configured", "created"), ("from the future", "dead"), ("", "dead")],
)
def test_states_of_other_engines(said: str, state: str) -> None:
    assert parse.listed(LISTED | {"State": said}).state == state


def test_what_is_null_is_nothing() -> None:
    bare = parse.listed({"Id": "x", "Names": None, "Labels": None, "Ports": None, "Mounts": None, "State": "created"})
    assert (bare.name, bare.claims, bare.ports, bare.mounts, bare.networks) == ("", {}, (), (), {})


INSPECTED: dict[str, Any] = {
    "Id": "abc",
    "Name": "/dramas-www",
    "Image": "sha256:1",
    "State": {"Status": "running", "ExitCode": 0, "Error": ""},
    "Config": {"Image": "www:dev", "Labels": {"a": "b"}},
    "Mounts": [],
    "NetworkSettings": {
        "Ports": {"443/tcp": None, "80/tcp": [{"HostIp": "127.0.0.1", "HostPort": "8000"}]},
        "Networks": {"dramas_default": {"NetworkID": "n1"}},
    },
}


def test_an_inspected_container() -> None:
    found = parse.inspected(INSPECTED)
    assert (found.name, found.image, found.image_id, found.claims) == ("dramas-www", "www:dev", "sha256:1", {"a": "b"})
    assert found.ports == (Port(8000, 80),)
    assert found.exit_code is None


def test_an_exit_code_is_known_once_it_ended() -> None:
    ended = parse.inspected(INSPECTED | {"State": {"Status": "exited", "ExitCode": 7, "Error": ""}})
    assert (ended.state, ended.exit_code) == ("exited", 7)
    failed = parse.inspected(INSPECTED | {"State": {"Status": "created", "ExitCode": 127, "Error": "no such program"}})
    assert (failed.exit_code, failed.error) == (127, "no such program")


def test_the_last_words_of_the_health_check() -> None:
    log = [{"Output": "first\n"}, {"Output": "last\n"}]
    state = {"Status": "running", "Health": {"Status": "unhealthy", "Log": log}}
    found = parse.inspected(INSPECTED | {"State": state})
    assert (found.health, found.health_log) == ("unhealthy", "last\n")
    none = parse.inspected(INSPECTED | {"State": {"Status": "running", "Health": {"Status": "none", "Log": None}}})
    assert (none.health, none.health_log) == ("", "")


def test_a_network() -> None:
    assert parse.network({"Id": "n1", "Name": "x", "Labels": None}) == Network("n1", "x")


INFO: dict[str, Any] = {
    "ServerVersion": "28.5.2",
    "OperatingSystem": "Debian GNU/Linux 12 (bookworm)",
    "Name": "laptop",
    "KernelVersion": "6.1.0",
    "SystemTime": "2026-11-24T02:31:47.627500106Z",
    "SecurityOptions": ["name=seccomp,profile=builtin"],
    "Labels": ["provider=virtualbox"],
}


def info(item: dict[str, Any], local: bool = True, hostname: str = "laptop") -> Any:
    return parse.engine_info(item, "1.45", local=local, hostname=hostname, kernel="6.1.0")


def test_who_answers() -> None:
    found = info(INFO)
    assert (found.version, found.api, found.os, found.name) == ("28.5.2", "1.45", INFO["OperatingSystem"], "laptop")
    assert found.labels == ("provider=virtualbox",)
    assert (found.native, found.rootless, found.desktop) == (True, False, False)


def test_native_is_this_host_and_nothing_else() -> None:
    assert not info(INFO, local=False).native
    assert not info(INFO, hostname="other").native
    assert not info(INFO | {"Name": "colima"}).native
    desktop = INFO | {"Name": "docker-desktop", "OperatingSystem": "Docker Desktop", "KernelVersion": "5.15-linuxkit"}
    assert not info(desktop, hostname="docker-desktop").native
    rootless = info(INFO | {"SecurityOptions": ["name=seccomp", "name=rootless"]})
    assert (rootless.native, rootless.rootless) == (False, True)
    assert info(INFO | {"Rootless": True, "BuildahVersion": "1.3"}).rootless
